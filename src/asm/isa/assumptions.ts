// SPDX-License-Identifier: MIT
import type { InstDef } from './define.ts';

/** What the meaning of a form takes for granted about the machine or its surroundings, by name, for the evidence. */

const assumptions = new WeakMap<InstDef, string>();

/** Marks a form whose meaning rests on an assumption, and returns the form. */
export function assume<D extends InstDef>(form: D, name: string): D {
  assumptions.set(form, name);
  return form;
}

/** The assumption a form's meaning rests on, if any: `exclusive-store-succeeds`, `pointer-authentication-off`. */
export function assumptionOf(def: InstDef): string | undefined {
  return assumptions.get(def);
}
