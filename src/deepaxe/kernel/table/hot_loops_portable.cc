// What machines other than x86-64 run, with tiles of an odd height: a target for tests alone.
#define DEEPAXE_ISA_NAMESPACE portable
#define DEEPAXE_PORTABLE_LOOPS
#include "deepaxe/kernel/table/hot_loops.inc"
