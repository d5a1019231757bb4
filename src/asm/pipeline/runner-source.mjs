// SPDX-License-Identifier: MIT
import { register } from 'tsx/esm/api';

// A thread does not inherit what reads TypeScript in the main thread.
register();
await import('./runner.ts');
