// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/source.ts';
import { assume } from '../assumptions.ts';
import type { Inst, InstDef } from '../define.ts';
import { type Dialect, isDiagnostic } from '../isa.ts';
import { readForeign } from './foreign.ts';
import { invalid, type Processor, SOURCE_CPU } from './processor.ts';

/** What instructions are on one processor, which may not have them, or may take them for others. */
export class Decoding {
  private readonly processor: Processor;
  private readonly forms: ReadonlyMap<string, InstDef>;
  private readonly lacking = new Map<string, InstDef>();
  private readonly others = new Map<InstDef, InstDef>();

  constructor(processor: Processor, forms: readonly InstDef[]) {
    this.processor = processor;
    this.forms = new Map(forms.map((f) => [f.id, f]));
  }

  /** `found` is what the text means on a processor that has everything, or why it has no meaning. */
  of(found: Inst | Diagnostic, text: string, dialect: Dialect, span: Span): Inst | Diagnostic {
    if (!isDiagnostic(found)) return this.carriedOut(found);
    const name = readForeign(text, dialect, span, this.processor.features);
    if (name === undefined) return found;
    return typeof name === 'string' ? { def: this.invalid(name), ops: [], span } : name;
  }

  /** Bytes that begin as no instruction of this processor does: a VEX, EVEX or XOP prefix (Intel SDM vol. 2, 2.3). */
  bytes(bytes: readonly number[], span: Span): readonly Inst[] | undefined {
    const [first = 0, second = 0] = bytes;
    const name = ({ 196: 'VEX', 197: 'VEX', 98: 'EVEX' } as const)[first as 0xc4];
    const prefix = name ?? (first === 0x8f && (second & 0x1f) >= 8 ? 'XOP' : undefined);
    if (prefix === undefined || bytes.length < 4) return undefined;
    return [{ def: this.invalid(`with the prefix ${prefix}`), ops: [], span }];
  }

  private carriedOut(inst: Inst): Inst {
    const { def } = inst;
    const [, mnemonic = '', form = '', width = ''] = def.id.split('.');
    const { feature } = def;
    if (mnemonic === 'tzcnt' || mnemonic === 'lzcnt' || mnemonic === 'rep_bsf') {
      // Their prefix means nothing to a processor that does not have them (Intel SDM vol. 2, TZCNT).
      const older = mnemonic === 'lzcnt' ? 'bsr' : 'bsf';
      return { ...inst, def: this.other(def, `x64.${older}.${form}.${width}`) };
    }
    const { features, missing } = this.processor;
    if ((feature === undefined || features.has(feature)) && !missing.has(mnemonic)) return inst;
    return { def: this.invalid(mnemonic), ops: [], ...(inst.span === undefined ? {} : { span: inst.span }) };
  }

  private invalid(mnemonic: string): InstDef {
    let def = this.lacking.get(mnemonic);
    if (def === undefined) {
      def = invalid(mnemonic, this.processor);
      this.lacking.set(mnemonic, def);
    }
    return def;
  }

  /** Another form with the same operands, on the assumption that this is the processor. */
  private other(def: InstDef, id: string): InstDef {
    let other = this.others.get(def);
    if (other === undefined) {
      const form = must(this.forms.get(id), id);
      other = assume({ ...form, syntax: def.syntax, aliases: [] }, SOURCE_CPU);
      this.others.set(def, other);
    }
    return other;
  }
}
