// SPDX-License-Identifier: MIT
export { assume, assumptionOf } from '../assumptions.ts';
