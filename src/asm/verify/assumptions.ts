// SPDX-License-Identifier: MIT

/** All that a proof may rest on besides the two programs. Each is recorded where it was used, and explained. */
export const ASSUMPTIONS = {
  'external-abi':
    'Functions outside the file, and those called through pointers or so that another definition may come between, obey ' +
    'the calling conventions of both platforms: they take the same arguments from corresponding registers and stack ' +
    'slots (docs/soundness.md says what those may be) and nothing else, do the same to memory, preserve the callee-saved registers and the stack pointer whatever ' +
    'is in them, and return the same results in corresponding registers; what other registers hold afterwards is ' +
    'unspecified.',
  'carried-over-callees':
    'A function outside of the file that takes floating-point numbers on the stack, or more words there than the target has ' +
    'further registers for, was carried over as well, and so was one that takes anything there and comes in the place of ' +
    "one of the file's: the platform has it elsewhere. Recorded where the code stores what may be such arguments.",
  'native-callees':
    "A function outside of the file for which a call lays out what it passes on the stack as the target's convention has it " +
    'obeys that, and takes there only integers and pointers, each in eight bytes.',
  'nothing-handed-on':
    'A function outside of the file that is jumped to takes nothing on the stack, where the function that jumps does not look ' +
    'at what it was passed there, and the target has not put it into registers.',
  'floats-as-computed':
    'A function outside of the file takes and returns in a floating-point register the kind of number that was computed ' +
    'there last: a float, which the target keeps in a form of its own, or a double.',
  'vectors-inside':
    'No function takes or returns more than 64 bits of a vector register from or to a function outside of the file.',
  'vectors-counted':
    'A function that reads more than 64 bits of vector registers only where `al` is not 0, to save variable arguments, is ' +
    'passed that much only in those that the block with the call has written.',
  'calls-preserve':
    "The source program's own functions preserve the stack pointer and the callee-saved registers, but for those that " +
    'they write and that their relation does not want at their entry.',
  'abi-results':
    'What a called function of the file leaves in a register that is no result register, or that it has not written ' +
    'on its way, and that its callers do not read themselves, is not an argument of a function outside the file.',
  'results-are-written':
    'A function that has not written a floating-point result register on its way, in the place of which the target has ' +
    'put something else, does not return there what it was given.',
  'calls-as-abi':
    'Callers from outside the file enter functions as the calling conventions say, with a 16-byte aligned stack.',
  'stack-arguments':
    'A function of the file that takes arguments on the stack, if only to hand them on to a function elsewhere to which it jumps, ' +
    'and has no entry of its own for native code, is called from outside of the file only by code that was carried over as well: the platform has them elsewhere. So is one that has ' +
    'such an entry where it is called through its address in carried-over code.',
  'native-arguments':
    'A function that has an entry of its own for native code takes on the stack only integers and pointers, each in eight ' +
    'bytes, and no more of them than its code shows; it writes nothing above them to the frame of its caller. Native ' +
    'code calls it by its name, carried-over code by the other one, which such a function of another file has as well.',
  'not-replaced':
    'A function of the file that is called directly is not replaced by another of the same name when linking.',
  bridges: 'A runtime function that stands for an external function does what that function does.',
  unbridged:
    'A function of a name that is known to have another interface on the target is called without a bridge: the program ' +
    'supplies it itself, or the difference does not matter to this call.',
  'exceptions-end':
    'No exception of C++ is thrown that code of the file would catch or clean up after, or through which the program ' +
    'would go on: each one that gets to carried-over code ends the program.',
  'system-calls':
    "The kernel of the target does in a system call what x86's does in the one that src/asm/abi/system-calls.ts puts " +
    'beside it: the same with the same arguments and memory, with the same result; it changes no register but those ' +
    'that its convention names, and no memory but what the program hands it.',
  'started-by-kernel':
    '`_start` is entered by the kernel, in a program that is linked statically: with the count of arguments at the ' +
    'stack pointer, which is a multiple of 16, behind it the pointers to them, and nothing in registers.',
  'runtime-contracts': "The functions of vouch's runtime do what their contracts say.",
  'refused-supplied': 'A function of the source that was not carried over is supplied under the same name.',
  'no-return':
    'A call of a function that is known not to return, or behind which the function has no instruction, does not return; ' +
    'control does not get to a label of a function, or of a part of one, that has no instruction at all.',
  'jump-targets':
    'An indirect jump goes only to code labels that the function or its jump tables mention: code addresses are made ' +
    'from labels, not computed.',
  'code-addresses':
    'Return addresses, which differ between the two programs, are only returned to, and neither inspected nor replaced by other addresses.',
  'no-observable-faults':
    'Memory accesses of the source do not fault, so an access that the target leaves out is not missed.',
  'stack-space':
    'The stack has room below for frames slightly larger than the source had, and does not end within 24 bytes above ' +
    'the stack pointer, nor within as many as a call may pass there.',
  'stack-aligned':
    "The target's stack pointer is 16-byte aligned where the stack has been adjusted by a computed amount, or by as many pushes as the run decides.",
  'below-stack':
    'What lies below the stack pointer at a call, return or trap, or where it has been raised by a computed amount, is ' +
    'not read afterwards; nor is what lies below the red zone where the target no longer keeps registers there.',
  'nothing-below-stack':
    'The source accesses nothing below its stack pointer and the red zone of 128 bytes, but at constant distances from ' +
    'its stack pointer: the target keeps there registers for which it has no room.',
  'own-storage':
    'What the target keeps in thread-local storage of its own is not changed meanwhile: the source accesses ' +
    'nothing there, the target only by the name of the storage, and no signal handler calls the function that is about to find it there.',
  'one-thread':
    'No other thread observes memory while the code runs, so that only the order of accesses of one thread matters.',
  'atomics-aligned': 'What atomic instructions work on is aligned; where it is not, the target faults.',
  'exclusive-store-succeeds': 'A store-exclusive that is retried from its load succeeds in the end.',
  'pointer-authentication-off': 'Return addresses are not signed: the instructions that would sign them do nothing.',
  'float-mode':
    'Floating-point control is as at program start: round to nearest, no flush to zero, no exceptions unmasked.',
  'other-flags':
    'Flags besides the status flags and the direction flag are as at program start, where interrupts are enabled and ' +
    'nothing else is: `pushf` stores them so, and `popf` changes neither these nor the direction flag.',
  'source-cpu':
    'The source runs on a processor of exactly the level that the evidence names beside it: instructions that the level ' +
    'does not have raise an invalid opcode (#UD), and `cpuid` answers as src/asm/isa/x86_64/processor.ts says.',
  'code-not-written': 'The program does not write its own code.',
} as const;

export type AssumptionName = keyof typeof ASSUMPTIONS;

export function isAssumptionName(name: string): name is AssumptionName {
  return Object.hasOwn(ASSUMPTIONS, name);
}

/** These hold for whatever is proved about a program. */
export const ALWAYS: readonly AssumptionName[] = [
  'code-addresses',
  'code-not-written',
  'float-mode',
  'no-observable-faults',
  'one-thread',
  'stack-space',
];
