// SPDX-License-Identifier: MIT
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source.ts';
import type { Isa } from '../isa/isa.ts';
import { prepare } from '../run/run.ts';
import { Carver } from '../test/carve/carve.ts';
import { readRecovered } from './side-by-side.ts';

/** Files as one program, whose runs give inputs for tests of its functions, or of those of some files. */
export function openCarver(
  sources: readonly SourceText[],
  isa: Isa,
  files?: readonly string[],
): { readonly carver: Carver } | { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = new Diagnostics();
  const programs = sources.map((s) => readRecovered(s, isa, diagnostics));
  const image = diagnostics.hasErrors ? undefined : prepare(programs, {}, diagnostics);
  return image === undefined ? { diagnostics: diagnostics.list } : { carver: new Carver(image, files) };
}
