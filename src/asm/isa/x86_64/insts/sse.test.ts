// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { isDiagnostic } from '../../isa.ts';
import { x86_64 } from '../index.ts';
import { sseForms } from './sse.ts';

/** SSE and SSE2 as the manual lists them (Intel SDM vol. 1, tables 5-7 to 5-10), by the operands they take in AT&T. */
const manual: Readonly<Record<string, string>> = {
  '%xmm1, %xmm2':
    'addps addss subps subss mulps mulss divps divss sqrtps sqrtss maxps maxss minps minss andps andnps orps xorps ' +
    'ucomiss comiss unpckhps unpcklps cvtps2dq cvttps2dq cvtdq2ps cvtps2pd cvtpd2ps cvtss2sd cvtsd2ss movss movsd ' +
    'movaps movups movapd movupd movhlps movlhps addpd addsd subpd subsd mulpd mulsd divpd divsd sqrtpd sqrtsd maxpd ' +
    'maxsd minpd minsd andpd andnpd orpd xorpd ucomisd comisd unpckhpd unpcklpd cvtpd2dq cvttpd2dq cvtdq2pd movdqa ' +
    'movdqu movq pmuludq paddq psubq punpckhqdq punpcklqdq maskmovdqu paddb paddw paddd paddsb paddsw paddusb paddusw ' +
    'psubb psubw psubd psubsb psubsw psubusb psubusw pmulhw pmulhuw pmullw pmaddwd pcmpeqb pcmpeqw pcmpeqd pcmpgtb ' +
    'pcmpgtw pcmpgtd pand pandn por pxor psllw pslld psllq psrlw psrld psrlq psraw psrad packsswb packssdw packuswb ' +
    'punpckhbw punpckhwd punpckhdq punpcklbw punpcklwd punpckldq pavgb pavgw pmaxub pmaxsw pminub pminsw psadbw ' +
    ['ss', 'ps', 'sd', 'pd']
      .flatMap((s) => ['eq', 'lt', 'le', 'unord', 'neq', 'nlt', 'nle', 'ord'].map((p) => `cmp${p}${s}`))
      .join(' '),
  '$1, %xmm1': 'psllw pslld psllq psrlw psrld psrlq psraw psrad pslldq psrldq',
  '$1, %xmm1, %xmm2': 'cmpps cmpss cmppd cmpsd shufps shufpd pshufd pshuflw pshufhw',
  '(%rax), %xmm1': 'movlps movhps movlpd movhpd movss movsd movd movq cvtsi2ss cvtsi2sd cvtsi2ssl cvtsi2sdq',
  '%xmm1, (%rax)':
    'movlps movhps movlpd movhpd movss movsd movd movq movaps movups movapd movupd movdqa movdqu movntps movntpd movntdq',
  '%eax, %xmm1': 'movd cvtsi2ss cvtsi2sd',
  '%rax, %xmm1': 'movd movq cvtsi2ss cvtsi2sd cvtsi2ssq',
  '%xmm1, %eax': 'movd cvtss2si cvttss2si cvtsd2si cvttsd2si movmskps movmskpd pmovmskb',
  '%xmm1, %rax': 'movd movq cvtss2si cvttss2si cvtsd2si cvttsd2si cvttsd2siq movmskps movmskpd pmovmskb',
  '$1, %eax, %xmm1': 'pinsrw',
  '$1, (%rax), %xmm1': 'pinsrw',
  '$1, %xmm1, %eax': 'pextrw',
  '%eax, (%rax)': 'movnti',
  '%rax, (%rax)': 'movnti',
};

const refused =
  'rcpps rcpss rsqrtps rsqrtss ldmxcsr stmxcsr fxsave fxrstor cvtpi2ps cvtpi2pd cvtps2pi cvttps2pi cvtpd2pi cvttpd2pi ' +
  'movdq2q movq2dq maskmovq movntq pshufw emms';

function read(text: string) {
  return x86_64.readInst(text, 'att', { file: 'test.s', line: 1, column: 1, endColumn: 1 + text.length });
}

const baseline = Object.entries(manual).flatMap(([operands, names]) => names.split(' ').map((m) => `${m} ${operands}`));

test.each(baseline)('%s needs no feature', (text) => {
  const inst = read(text);
  if (isDiagnostic(inst)) throw new Error(inst.message);
  expect(inst.def.feature).toBeUndefined();
  expect(sseForms).toContain(inst.def);
});

test.each(refused.split(' '))('%s is refused as unsupported', (mnemonic) => {
  expect(read(`${mnemonic} %xmm1, %xmm2`)).toMatchObject({ kind: 'unsupported' });
});

test.each(['paddb %mm1, %mm2', 'movd %eax, %mm0', 'movq (%rax), %mm0'])('%s is refused as unsupported', (text) => {
  expect(read(text)).toMatchObject({ kind: 'unsupported' });
});

test('comparison predicates beyond 7 belong to AVX', () => {
  expect(read('cmpsd $8, %xmm1, %xmm2')).toMatchObject({ kind: 'input' });
});
