/* Frames of variable size: right when run, but some blocks are not proved (alignment behind calls, rounded stack). */
int use(char*,int);
int vla(int n){char a[n];return use(a,n);}
int vla2(int n){int a[n];for(int i=0;i<n;i++)a[i]=use((char*)a,i);int s=0;for(int i=0;i<n;i++)s+=a[i];return s;}
int loop(int n){int s=0;for(int i=1;i<n;i++){char b[i];s+=use(b,i);}return s;}
void *p; int al(int n){char*q=__builtin_alloca(n);use(q,n);q=__builtin_alloca(n+17);return use(q,n)+((int(*)(int,int,int,int,int,int,int,int,int))p)(1,2,3,4,5,6,7,8,9);}
int ovr(int n){char b[64] __attribute__((aligned(64)));use(b,n);return b[0];}
