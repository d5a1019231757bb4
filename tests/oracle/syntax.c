// SPDX-License-Identifier: MIT
/* C that makes gcc emit a wide choice of instructions; it is read, not run. */
#include <stdint.h>
#include <string.h>
#include <stdlib.h>
#include <stdio.h>
#include <stdatomic.h>
static __thread int tl; extern __thread long tle; __thread double td = 1.0;
extern int ext_var; static int arr[1000]; int garr[100];
int f1(int a,int b){return a*b+(a>>3)-(b<<5);}
long f2(long*p,int n){long s=0;for(int i=0;i<n;i++)s+=p[i]*3;return s;}
unsigned char f3(const char*s){unsigned char h=0;while(*s)h=h*31+*s++;return h;}
int f4(int x){switch(x){case 0:return 5;case 1:return 17;case 2:return f1(x,3);case 3:return 99;case 4:return ext_var;case 5: return arr[x];case 6: return garr[3];default:return -1;}}
double f5(double a,float b){return a*b+1.0/a;}
int f6(void){tl++;tle+=tl;td*=2;return tl;}
uint64_t f7(uint64_t a,uint64_t b){return (unsigned __int128)a*b>>64;}
int64_t f8(int64_t a,int64_t b){return a/b+a%b;}
void f9(char*d,const char*s,size_t n){memcpy(d,s,n);memset(d,0,64);}
int f10(atomic_int*p){return atomic_fetch_add(p,1)+atomic_load(p)+atomic_exchange(p,7);}
_Bool f11(atomic_long*p,long*e){return atomic_compare_exchange_strong(p,e,5);}
unsigned f12(unsigned x){return __builtin_clz(x)+__builtin_ctz(x)+__builtin_popcount(x)+__builtin_bswap32(x);}
int f13(int a,int b,int c){return a<b?(b<c?a:c):(a>c&&b>7?b:-a);}
struct S{int a:3;unsigned b:7;long c:40;};
long f14(struct S*s){s->b=s->a;s->c+=s->b;return s->c;}
void f15(float*a,float*b,int n){for(int i=0;i<n;i++)a[i]=a[i]*b[i]+1;}
void f16(unsigned char*a,short*b,int n){for(int i=0;i<n;i++)a[i]+=b[i]>>2;}
int f17(const char*fmt,...){__builtin_va_list ap;__builtin_va_start(ap,fmt);int x=__builtin_va_arg(ap,int);double d=__builtin_va_arg(ap,double);__builtin_va_end(ap);return x+(int)d;}
int f18(int(*g)(int),int x){return g(x)+puts("hi");}
void f19(void){__builtin_trap();}
__int128 f20(__int128 a,__int128 b){return a+b-(a<<3);}
int f21(double*x,int n){int k=0;for(int i=0;i<n;i++)if(x[i]>0.5&&x[i]!=2.0)k+=(int)x[i];return k;}
uint32_t f22(uint32_t x,int r){return (x<<r|x>>(32-r))^(x>>7|x<<25);}
void f23(int*a,int n){for(int i=0;i<n;i++)for(int j=i+1;j<n;j++)if(a[j]<a[i]){int t=a[i];a[i]=a[j];a[j]=t;}}
int f24(int*a,int n){int m=a[0];for(int i=1;i<n;i++)m=a[i]>m?a[i]:m;return m;}
long f25(int8_t*a,int16_t*b,int32_t*c,int i){return a[i]+b[i]+c[i]+a[-3]+(long)c[i+5];}
double f26(double a,double b){return __builtin_copysign(a,b)+__builtin_fmax(a,b)*__builtin_fmin(a,b)+__builtin_fabs(a);}
long f27(double a,float b){return __builtin_lround(a)+__builtin_lrint(a)+__builtin_lceil(a)+__builtin_lfloorf(b)+(unsigned)b;}
int f28(double a,double b,float c){return __builtin_isless(a,b)+2*__builtin_isunordered(a,b)+4*!(a<b)+8*(c>=2);}
double f29(double a,double b,double c){return __builtin_fma(a,b,c)+__builtin_fma(-a,b,c)-__builtin_fma(a,b,-c)+__builtin_sqrt(a);}
float f30(long a,unsigned long b,int c,unsigned d){return (float)a+(float)b+(float)c+(float)d+(float)(double)(a*0.5);}
