// SPDX-License-Identifier: MIT
// A calculator in postfix notation: a switch over operators that becomes a jump table.
#include <stdio.h>
#include <stdlib.h>

enum op { PUSH, ADD, SUB, MUL, DIV, REM, AND, OR, XOR, SHL, SHR, NEG, END };

struct step {
  enum op op;
  long value;
};

__attribute__((noinline)) long evaluate(const struct step *s) {
  long stack[16];
  int top = 0;
  for (;; s++) {
    switch (s->op) {
      case PUSH: stack[top++] = s->value; break;
      case ADD: top--; stack[top - 1] += stack[top]; break;
      case SUB: top--; stack[top - 1] -= stack[top]; break;
      case MUL: top--; stack[top - 1] *= stack[top]; break;
      case DIV: top--; stack[top - 1] /= stack[top]; break;
      case REM: top--; stack[top - 1] %= stack[top]; break;
      case AND: top--; stack[top - 1] &= stack[top]; break;
      case OR: top--; stack[top - 1] |= stack[top]; break;
      case XOR: top--; stack[top - 1] ^= stack[top]; break;
      case SHL: top--; stack[top - 1] = (long)((unsigned long)stack[top - 1] << (stack[top] & 63)); break;
      case SHR: top--; stack[top - 1] >>= stack[top] & 63; break;
      case NEG: stack[top - 1] = -stack[top - 1]; break;
      default: return stack[top - 1];
    }
  }
}

__attribute__((noinline)) enum op operator(char c) {
  switch (c) {
    case '+': return ADD;
    case '-': return SUB;
    case '*': return MUL;
    case '/': return DIV;
    case '%': return REM;
    case '&': return AND;
    case '|': return OR;
    case '^': return XOR;
    case '<': return SHL;
    case '>': return SHR;
    case '~': return NEG;
    default: return PUSH;
  }
}

int main(int argc, char **argv) {
  struct step program[64];
  int n = 0;
  for (int i = 1; i < argc && n < 63; i++) {
    enum op op = argv[i][1] == '\0' ? operator(argv[i][0]) : PUSH;
    program[n].op = op;
    program[n++].value = op == PUSH ? strtol(argv[i], NULL, 0) : 0;
  }
  program[n].op = END;
  printf("%ld\n", n == 0 ? 0 : evaluate(program));
  return 0;
}
