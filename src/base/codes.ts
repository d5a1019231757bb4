// SPDX-License-Identifier: MIT

/** What `vouch explain CODE` says about a diagnostic. */
export interface CodeInfo {
  readonly code: string;
  readonly title: string;
  /** What it means, and what to do. */
  readonly explanation: string;
}

/**
 * Every diagnostic code. Codes never change their meaning and are never used again:
 * V01xx bad input, V02xx unsupported and refused, V03xx the command line and files, V04xx evidence, V05xx verdicts,
 * V06xx programs on the machine within vouch.
 */
export const CODES: ReadonlyMap<string, CodeInfo> = new Map(
  declare({
    V0101: [
      'unknown instruction',
      'No instruction of this machine has this mnemonic. If many are unknown, the file may be meant for another machine or another syntax.',
    ],
    V0102: [
      'operands that no form takes',
      'The mnemonic is known, but not with operands of these kinds or in this number. The notes list the forms that there are.',
    ],
    V0103: [
      'malformed operand',
      'An operand cannot be read, or its value is out of the range that the instruction can hold.',
    ],
    V0104: [
      'unknown directive',
      'This directive is not one that gcc or clang writes. Nothing is ignored in silence, since it might change what the file means.',
    ],
    V0105: [
      'empty input',
      'The file has no text at all. Perhaps a command before this one failed and left an empty file.',
    ],
    V0106: [
      'not text',
      'The file, or the line, holds bytes that are neither ASCII nor UTF-8. It may be binary or damaged.',
    ],
    V0107: [
      'another kind of file',
      'The file is an object, an archive, source code or a listing. Assembly that can be assembled is needed: compile with `gcc -S` or `clang -S`.',
    ],
    V0108: [
      'open string',
      'A string must end on the line on which it begins. At the end of a file this means that the file was cut off.',
    ],
    V0109: ['open comment', 'A `/*` comment has no `*/` before the end of the file.'],
    V0110: ['malformed statement', 'The line is neither a label, a directive, an assignment nor an instruction.'],
    V0111: ['malformed value', 'An argument is no expression that GNU as would read.'],
    V0112: ['wrong number of arguments', 'The directive takes more or fewer arguments.'],
    V0113: ["another machine's directive", 'The directive has a meaning only on another machine.'],
    V0114: [
      'wrong machine or syntax',
      'Most of the instructions are unknown, and the text looks like that of another machine or syntax. Name the right one, or give the right file.',
    ],
    V0115: ['too many errors', 'Reading stopped; mend the errors that were shown first.'],
    V0116: [
      'something open at the end of the file',
      'A directive that must be closed is still open. The file may have been cut off.',
    ],
    V0117: [
      'no newline at the end of the file',
      'The last line does not end. Assemblers accept that, but it often means that the file was cut off.',
    ],
    V0118: ['no such numeric label', 'A reference such as `1b` or `1f` has no label `1:` before or after it.'],
    V0119: ['malformed macro', 'A macro, a repetition or a condition of the assembler is not as GNU as wants it.'],
    V0120: [
      'a file for the C preprocessor',
      'A file called `.S` has lines such as `#define` or `#include`, which are comments to the assembler. `gcc -E` carries them out.',
    ],
    V0201: ['not supported', 'The input is right, but vouch declares no meaning for it and does not guess one.'],
    V0202: [
      'a number that is not known yet',
      'The conditions and counts of the assembler (`.if`, `.rept`) are computed from numbers and from names that were set to numbers before; what depends on addresses is not.',
    ],
    V0203: ['unsupported directive', 'The directive is understood and refused, because its effect cannot be kept.'],
    V0210: ['code among data', 'An instruction stands in a section that is not executable.'],
    V0211: ['code without a label', 'Instructions belong to the label before them, and before these there is none.'],
    V0212: [
      'control runs into data',
      'The bytes behind an instruction are data, and nothing keeps control from reaching them.',
    ],
    V0213: [
      'a jump into another function',
      'Functions are carried over one by one. Where others jump into one, it is cut in pieces, but not between an indirect jump and the labels that it goes to, nor with a cold part.',
    ],
    V0214: ['a jump to no label', 'The place that is jumped to or called needs a label, since its distance changes.'],
    V0215: [
      'an undefined local label',
      'A label that begins with `.L` is local to its file, and this file does not define it.',
    ],
    V0216: ['a call into a function', 'A call must go to the start of a function.'],
    V0217: ['running into another function', 'A function may run on into the next one without a jump.'],
    V0218: [
      'a jump to a label from elsewhere',
      'The address of a label within a function is taken, and no jump of the function goes there. Code elsewhere would, as `__builtin_longjmp` and gotos out of nested functions do, and nothing is known of the state in which it arrives.',
    ],
    V0220: ['no rule', 'The instruction is understood, but no rule carries it over to the target machine.'],
    V0221: ['no rule for these operands', 'There is a rule for the instruction, but not for operands of these kinds.'],
    V0222: ['stack pointer', 'The stack pointer is changed in a way that the frame of the target cannot follow.'],
    V0223: ['flags', 'A flag is used that the target machine does not keep at this place.'],
    V0226: [
      'stack alignment at a call',
      'The stack pointer must be a multiple of 16 at a call; here that is not so, or not known.',
    ],
    V0227: [
      'a whole vector register as an argument',
      'On the target a vector register is two halves, of which the higher one has no place of its own: only functions of the same file that call a function by its name pass it, and neither pointers nor other files.',
    ],
    V0230: ['relocation', 'The linker would fill in a value that has no counterpart on the target machine.'],
    V0231: ['difference of symbols', 'An address is a difference of two symbols where one symbol is needed.'],
    V0232: ['segment', 'Memory is reached through a segment register in a way that has no counterpart.'],
    V0241: [
      'a function that cannot be called',
      "The function of the C library has another interface on the target machine, and vouch's runtime has no bridge for it.",
    ],
    V0242: [
      'a system call',
      "The target's kernel has no call that does the same with the same structures, or it is not known which call this is. docs/abi.md lists those that are carried over.",
    ],
    V0243: [
      'a function that native code cannot call',
      'It takes arguments on the stack, where x86-64 has them from the seventh on. Native code has the seventh and the eighth in registers. Carried-over code calls it as before. `--native-entries` gives it an entry of its own for native code.',
    ],
    V0244: [
      'no entry for native code',
      'An entry for native code lays arguments out as x86-64 has them, so it must be known how many words a function takes on the stack, and that they are integers and pointers. Nothing in the code tells that of variable arguments, structures and floating-point numbers.',
    ],
    V0245: [
      'arguments that native code looks for elsewhere',
      'A function outside of the files that are translated is passed more than eight integers, or floating-point numbers on the stack. Carried-over code finds them, native code of the target does not. With `--native-entries all` integers are laid out as native code has them.',
    ],
    V0233: [
      'thread-local storage',
      'The model of thread-local storage is not supported. Compile with `-ftls-model=initial-exec` or `local-exec`.',
    ],
    V0234: [
      'an address without a symbol',
      'An address is given by its distance from an instruction, and instructions lie elsewhere on the target machine. Give the place a label.',
    ],
    V0240: [
      'a feature of the target machine',
      'The translation needs instructions beyond the base architecture. Allow them with `--features` where all machines that will run it have them.',
    ],
    V0301: ['cannot be read', 'The file is missing, is a directory or may not be read.'],
    V0302: ['cannot be written', 'A result could not be written. What was there before is unchanged.'],
    V0303: ['wrong usage', 'The command line cannot be understood. `vouch help COMMAND` lists what there is.'],
    V0304: ['too large', 'The file is larger than any that a compiler writes for one unit. Split it.'],
    V0305: [
      'a tool is missing',
      'The command needs a program that is not installed. `vouch doctor` lists what is there and what each is for.',
    ],
    V0306: ['not there yet', 'What was asked for is planned, and this version cannot do it.'],
    V0307: [
      'a relation is needed',
      'Two programs are compared block by block, by a relation that says which register of one corresponds to which of the other. Evidence contains it.',
    ],
    V0308: ['would overwrite an input', 'A result is never written over a file that was read. Name another place.'],
    V0309: ['out of resources', 'A thread ended before its work was done, most often for want of memory.'],
    V0310: ['a tool failed', 'A program that was asked to assemble, link or run ended with an error, which is shown.'],
    V0401: ['no evidence', 'The file is no evidence, or it has been changed so that it no longer follows the schema.'],
    V0402: ['unknown version of evidence', 'The evidence has a schema that this version does not read.'],
    V0403: [
      'evidence of other programs',
      'The evidence is not about these two files: their text has changed, or they are others.',
    ],
    V0404: [
      'evidence not confirmed',
      'What the evidence claims is not what is found when all of it is derived again. It was altered, or was made by another version.',
    ],
    V0405: [
      'evidence from other models',
      'The evidence was made by a version with other meanings of instructions. An audit judges it by those of this one.',
    ],
    V0501: [
      'refuted',
      'There is a state from which source and target do different things. The notes give it; it has been tried on both sides.',
    ],
    V0502: [
      'undecided',
      'Neither a proof nor a counterexample was found in time. More time (`--timeout`) or another solver (`--solver`) may help.',
    ],
    V0503: [
      'the programs as wholes',
      'The two programs do not correspond as wholes: data, symbols or code that no relation speaks about.',
    ],
    V0601: [
      'an unknown external',
      'The program uses a function or object that no file defines and that the machine within vouch does not have. docs/embedded.md lists what there is of the C library.',
    ],
    V0602: ['defined twice', 'Two files define the same global symbol.'],
    V0603: ['not enough memory', 'Code, data and stack do not fit into the memory that the program may have.'],
    V0604: ['no value', 'A relocation in data has no value on the machine within vouch.'],
    V0605: ['no main', 'A program begins at `main`, or without the C library at `_start`, and no file defines either.'],
    V0606: ['the wrong machine', 'Files of one program must be for one machine, and for one that can be run.'],
    V0610: ['a bad access', 'The program read or wrote where it has no memory, or wrote to code or constants.'],
    V0611: ['a trap', 'An instruction trapped: a division, a breakpoint, or one that is undefined on purpose.'],
    V0612: ['the stack', 'The stack has overflowed, or its guard was overwritten.'],
    V0613: ['a bad jump', 'Control went to an address at which no function begins, or returned where no call waits.'],
    V0614: ['past the end', 'Control ran past the end of a function, or a function came back that is known not to.'],
    V0615: [
      'an instruction without a value',
      'An instruction needs something that the machine within vouch does not have.',
    ],
    V0616: ['misuse of the heap', 'A block was freed twice, or never allocated, or something was written around it.'],
    V0617: ['misuse of the C library', 'A function of the C library was given what it cannot work with.'],
    V0618: ['aborted', 'The program ended itself: `abort`, a failed assertion, or a signal that it sent itself.'],
    V0630: [
      'not side by side',
      'Two programs are compared by running functions of both from the same memory, so their data must lie alike, as they do in a translation.',
    ],
    V0631: ['different', 'A function does one thing in the source and another in the target; the notes give an input.'],
    V0632: ['not tested enough', 'Tests have reached less of the program than was required.'],
    V0620: [
      'a limit was reached',
      'The program was ended by `--max-instructions`, `--max-seconds` or `--max-output`; more can be allowed.',
    ],
  }),
);

function declare(codes: {
  readonly [code: string]: readonly [title: string, explanation: string];
}): [string, CodeInfo][] {
  return Object.entries(codes).map(([code, [title, explanation]]) => [code, { code, title, explanation }]);
}
