// Compiled with -mavx2; run only where the processor has it.
#define DEEPAXE_LOOPS_NAMESPACE avx2
#include "deepaxe/fault/difference_loops.inc"
