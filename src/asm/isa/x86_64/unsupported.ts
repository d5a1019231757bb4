// SPDX-License-Identifier: MIT
import { sseUnsupported } from './insts/sse.ts';

/** Mnemonics that exist but have no meaning here, so that they are refused with a reason and not called unknown. */

const BY_REASON: readonly (readonly [reason: string, mnemonics: string])[] = [
  [
    'it needs a more privileged mode or talks to devices',
    'hlt in inb inw inl out outb outw outl ins insb insw insl insd outs outsb outsw outsl outsd cli sti clts lgdt lidt ' +
      'lldt ltr lmsw sgdt sidt sldt str smsw invd wbinvd invlpg invpcid rdmsr wrmsr rdpmc rsm swapgs vmcall vmlaunch ' +
      'vmresume monitor mwait iret iretq iretl iretw sysret sysretq sysretl sysexit clac stac wrpkru rdpkru',
  ],
  ['it enters the operating system in a way of its own; use `syscall`', 'sysenter int into int1 icebp'],
  ['its result depends on the processor, which --cpu names', 'cpuid xgetbv'],
  [
    'its result depends on the machine it runs on',
    'rdtsc rdtscp rdpid rdrand rdseed xsetbv rdfsbase rdfsbasel rdfsbaseq rdgsbase rdgsbasel rdgsbaseq ' +
      'wrfsbase wrfsbasel wrfsbaseq wrgsbase wrgsbasel wrgsbaseq lar lsl verr verw',
  ],
  ['far control transfer does not exist on the targets', 'lcall ljmp lret lretq lretl lretw lcallq ljmpq'],
  ['the flags as one word have 64 bits here', 'pushfw pushfl pushfd popfw popfl popfd'],
  ['it is hardly ever used, and its meaning has not been written', 'enter enterq bound arpl'],
  [
    'it saves or loads processor state that the targets do not have',
    'fxsave fxsave64 fxrstor fxrstor64 xsave xsave64 xsavec xsavec64 xsaveopt xsaves xrstor xrstor64 xrstors ldmxcsr stmxcsr emms femms',
  ],
  [
    'it controls caches and transactions, which the targets do not have in this form',
    'clflush clflushopt clwb cldemote xbegin xend xabort xtest xacquire xrelease',
  ],
  ['it exists only outside 64-bit mode', 'aaa aad aam aas daa das pusha pushad popa popad les lds salc jcxz'],
  [
    'AES, SHA and Galois fields are not modelled',
    'aesenc aesenclast aesdec aesdeclast aesimc aeskeygenassist sha1rnds4 sha1nexte sha1msg1 sha1msg2 ' +
      'sha256rnds2 sha256msg1 sha256msg2 gf2p8mulb gf2p8affineqb gf2p8affineinvqb',
  ],
  ['write pclmulqdq with the number that chooses the halves', 'pclmullqlqdq pclmulhqhqdq pclmullqhqdq pclmulhqlqdq'],
  ['this extension of the integer instructions is not modelled', 'pdep pext movdiri movdir64b ptwrite'],
  [
    'control-flow enforcement state is not modelled',
    'rdsspd rdsspq incsspd incsspq saveprevssp rstorssp wrssd wrssq wrussd wrussq setssbsy clrssbsy',
  ],
  ['string comparison instructions of SSE4.2 are not modelled', 'pcmpestri pcmpestrm pcmpistri pcmpistrm'],
  ['sums and searches over all lanes of SSE4.1 are not modelled', 'dpps dppd mpsadbw'],
  ['its result is an approximation that differs between processors', 'rcpps rcpss rsqrtps rsqrtss'],
];

const reasons = new Map<string, string>();
for (const [reason, mnemonics] of BY_REASON) for (const m of mnemonics.split(' ')) reasons.set(m, reason);

const X87 =
  /^f(?:2xm1|abs|addp?[sl]?|bld|bstp|chs|n?clex|cmov\w+|u?comi?p?p?[sl]?|ucompi|cos|decstp|divr?p?[sl]?|free|iadd[sl]?|icomp?[sl]?|idivr?[sl]?|ild\w*|imul[sl]?|incstp|n?init|istt?p?\w*|isubr?[sl]?|ld\w*|mulp?[sl]?|nop|patan|prem1?|ptan|rndint|n?rstor|n?save|scale|sin|sincos|sqrt|n?stcw|n?stenv|n?stsw|stp?[slt]?|subr?p?[sl]?|tst|wait|xam|xch|xtract|yl2x|yl2xp1)$/;

/** Why this mnemonic is refused; undefined where there is no such instruction, as far as we know. */
export function whyUnsupported(mnemonic: string): string | undefined {
  const reason = sseUnsupported.get(mnemonic) ?? reasons.get(mnemonic) ?? reasons.get(mnemonic.replace(/[bwlq]$/, ''));
  if (reason !== undefined) return reason;
  if (X87.test(mnemonic)) return 'x87 floating point is not modelled';
  if (
    /^(?:v[a-z]{2}[a-z0-9]+|k(?:add|andn?|mov|not|or|ortest|shift[lr]|test|unpck\w\w|xnor|xor)[bwdq]{1,2})$/.test(
      mnemonic,
    )
  )
    return 'AVX and AVX-512 are not modelled; with --cpu, it traps as on a processor without them';
  if (mnemonic === 'wait') return 'x87 floating point is not modelled';
  return undefined;
}
