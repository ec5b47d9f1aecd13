// Compiled with AVX-512 F, BW, DQ and VL; run only where the processor has them.
#define DEEPAXE_LOOPS_NAMESPACE avx512
#include "deepaxe/fault/difference_loops.inc"
