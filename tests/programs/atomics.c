// SPDX-License-Identifier: MIT
// C11 atomics and the older builtins, of all sizes, from one thread and from several.
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
static _Atomic int64_t total; static atomic_int flag; static atomic_flag lock = ATOMIC_FLAG_INIT; static long guarded; static _Atomic(struct node *) head; static _Thread_local int mine; static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; static pthread_cond_t cond = PTHREAD_COND_INITIALIZER; static int ready; struct node { struct node *next; int v; };
static struct node pool[400];
static void *work(void *arg) {
  int id = (int)(intptr_t)arg;
  for (int i = 0; i < 1000; i++) { atomic_fetch_add(&total, id * 1000 + i); mine++; while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)); guarded += mine; atomic_flag_clear_explicit(&lock, memory_order_release); }
  for (int i = 0; i < 100; i++) { struct node *n = &pool[id * 100 + i]; n->v = id * 100 + i; n->next = atomic_load(&head); while (!atomic_compare_exchange_weak(&head, &n->next, n)); }
  pthread_mutex_lock(&mutex); ready++; pthread_cond_signal(&cond); pthread_mutex_unlock(&mutex); return (void *)(intptr_t)(mine * 10 + id);
}
#define OPS(T, name) static void name(void) { static _Atomic T a = 5; T e = 7; printf("%lld ", (long long)atomic_fetch_add(&a, 100)); printf("%lld ", (long long)atomic_fetch_sub(&a, 3)); printf("%lld ", (long long)atomic_fetch_or(&a, 0x18)); printf("%lld ", (long long)atomic_fetch_and(&a, 0x5a)); printf("%lld ", (long long)atomic_fetch_xor(&a, -1)); printf("%lld ", (long long)atomic_exchange(&a, 7)); \
  printf("%d ", atomic_compare_exchange_strong(&a, &e, 9)); printf("%d %lld ", atomic_compare_exchange_strong(&a, &e, 11), (long long)e); a += 5; a--; a *= 3; a |= 64; printf("%lld ", (long long)atomic_load_explicit(&a, memory_order_relaxed)); atomic_store(&a, (T)-1); ++a; printf("%lld\n", (long long)a); }
OPS(signed char, c8) OPS(unsigned short, c16) OPS(int, c32) OPS(int64_t, c64) OPS(unsigned char, u8) OPS(uint64_t, u64)
int main(void) {
  c8(); c16(); c32(); c64(); u8(); u64(); pthread_t t[4]; long r = 0;
  for (intptr_t i = 0; i < 4; i++) pthread_create(&t[i], NULL, work, (void *)i);
  pthread_mutex_lock(&mutex); while (ready < 4) pthread_cond_wait(&cond, &mutex); pthread_mutex_unlock(&mutex);
  for (int i = 0; i < 4; i++) { void *p; pthread_join(t[i], &p); r += (long)(intptr_t)p; }
  long sum = 0; int n = 0; for (struct node *p = head; p; p = p->next) sum += p->v, n++;
  printf("%lld %ld %ld %d %ld %d\n", (long long)total, guarded, r, mine, sum, n);
  int x = 10; printf("%d %d %d ", __sync_fetch_and_add(&x, 5), __sync_add_and_fetch(&x, 5), __sync_bool_compare_and_swap(&x, 20, 30)); printf("%d %d ", __sync_val_compare_and_swap(&x, 1, 2), __sync_lock_test_and_set(&x, 3)); __sync_synchronize(); __sync_lock_release(&x); printf("%d %d\n", x, atomic_is_lock_free(&flag)); atomic_thread_fence(memory_order_seq_cst); long y = 6; printf("%ld %ld\n", __atomic_nand_fetch(&y, 3, __ATOMIC_SEQ_CST), __atomic_fetch_nand(&y, 5, __ATOMIC_RELAXED));
}
