// Compiled with AVX-512 F, BW, DQ, VL and VNNI; run only where the processor has them.
#define DEEPAXE_LOOPS_NAMESPACE avx512vnni
#include "deepaxe/fault/difference_loops.inc"
