// SPDX-License-Identifier: MIT
import { variable } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';

/**
 * Values that only the linker or the loader knows, as variables that source and target share: that a symbol of the
 * source and the symbol of the same name in the target stand for the same thing is what "the same program" means.
 */

/** The address of a symbol: data, a function or a label. */
export const addressOf = (name: string): Term => variable(`&${name}`, 64);

/** The address of the global offset table's slot for `name`; the slot holds `addressOf(name)`. */
export const gotSlot = (name: string): Term => variable(`got&${name}`, 64);

/** The address of this thread's instance of a thread-local symbol. */
export const tlsAddress = (name: string): Term => variable(`tls&${name}`, 64);

/** The address of the slot that holds the offset of `name` from the thread pointer. */
export const tlsOffsetSlot = (name: string): Term => variable(`gottp&${name}`, 64);

/**
 * The thread pointer of the running thread. The machines put different things at it, but like an address it is a value
 * that only the loader knows, and only distances from it are ever used: so source and target share it.
 */
export const threadPointer = (): Term => variable('tp', 64);

/** The value that guards stack frames against overwriting; the loader chooses it once. */
export const stackGuard = (): Term => variable('stack guard', 64);
