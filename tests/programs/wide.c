// SPDX-License-Identifier: MIT
// Wide characters in the C locale.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>
#include <wctype.h>
#include <locale.h>
#include <string.h>
#include <stdlib.h>
#include <errno.h>
int main(void){
  wchar_t w[40], x[40];
  wchar_t *e;
  char mb[20];
  wchar_t wc;
  mbstate_t st;
  memset(&st, 0, sizeof st);
  wcscpy(w, L"hello");
  wcscat(w, L" w");
  wcsncat(w, L"orld!!", 4);
  printf("%zu %zu %d %d\n", wcslen(w), wcsnlen(w, 3), wcscmp(w, L"hello")>0, wcsncmp(w, L"help", 3));
  printf("%td %td %td %d %d\n", wcschr(w, L'l')-w, wcsrchr(w, L'l')-w, wcsstr(w, L"wor")-w, wcschr(w, L'z')==NULL, wcsstr(w, L"nope")==NULL);
  printf("%zu %zu %td %td\n", wcsspn(w, L"leh"), wcscspn(w, L"ow"), wcspbrk(w, L"ow")-w, wcschr(w, 0)-w);
  wcsncpy(x, L"ab", 5);
  printf("%d %d %d\n", x[1], x[2], x[4]);
  printf("%zu %s\n", wcstombs(mb, w, 20), mb);
  printf("%zu %ls\n", mbstowcs(x, "abc", 40), x);
  printf("%zu %zu\n", mbstowcs(NULL, "four", 0), wcstombs(NULL, L"three", 0));
  errno=0;
  printf("%d %d\n", (int)wcstombs(mb, L"\x20ac", 20), errno==EILSEQ);
  errno=0;
  printf("%d %d\n", (int)mbrtowc(&wc, "\xc3\xa9", 2, &st), errno==EILSEQ);
  memset(&st, 0, sizeof st);
  printf("%zu %d %zu %zu %d\n", mbrtowc(&wc, "z", 1, &st), wc, mbrtowc(&wc, "", 1, &st), mbrtowc(&wc, "z", 0, &st), mbsinit(&st)!=0);
  printf("%d %d %d %d\n", mblen("a", 1), mbtowc(&wc, "q", 1), wctomb(mb, L'r'), (int)wcrtomb(mb, L's', &st));
  printf("%d %d %d %d\n", btowc('a'), btowc(200), wctob(L'b'), wctob(0x20ac));
  for(int i=0;i<200;i+=9)printf("%d%d%d%d%d%d%d ", !!iswalpha(i), !!iswdigit(i), !!iswspace(i), !!iswpunct(i), !!iswprint(i), !!iswupper(i), !!iswcntrl(i));
  puts("");
  printf("%lc %lc\n", towupper(L'q'), towlower(L'Q'));
  double d2=wcstod(L"2.5e1z", &e);
  printf("%g %lc\n", d2, *e);
  printf("%ld %lu\n", wcstol(L" -42x", &e, 10), wcstoul(L"0xff", NULL, 0));
  printf("%d %ls\n", swprintf(x, 40, L"%d-%ls-%s", 5, L"x", L"y"==NULL?"":"n"), x);
  printf("%d\n", swprintf(x, 3, L"%d", 12345));
  wmemset(x, L'k', 4);
  printf("%d %d %d\n", x[3], wmemcmp(x, L"kkkk", 4), wmemchr(x, L'z', 4)==NULL);
  wmemcpy(x+1, L"ab", 2);
  wmemmove(x, x+1, 2);
  printf("%lc%lc%lc\n", x[0], x[1], x[2]);
  wchar_t*d=wcsdup(L"dup");
  printf("%ls %d\n", d, (int)MB_CUR_MAX);
  free(d);
  printf("%s|%s\n", strerror(ENOENT), strerror(EINVAL));
  return 0;
}
