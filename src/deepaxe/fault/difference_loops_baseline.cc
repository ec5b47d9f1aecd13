#define DEEPAXE_LOOPS_NAMESPACE baseline
#include "deepaxe/fault/difference_loops.inc"
