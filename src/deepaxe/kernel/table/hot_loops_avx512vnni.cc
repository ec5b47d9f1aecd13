// Compiled with the flags of this instruction set; see CMakeLists.txt.
#define DEEPAXE_ISA_NAMESPACE avx512vnni
#include "deepaxe/kernel/table/hot_loops.inc"
