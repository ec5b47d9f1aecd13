#include "deepaxe/fault/difference_loops.h"

namespace deepaxe::fault {
namespace baseline {
extern const DifferenceLoops kLoops;
}
#ifdef DEEPAXE_HAVE_X86_ISAS
namespace avx2 {
extern const DifferenceLoops kLoops;
}
namespace avx512 {
extern const DifferenceLoops kLoops;
}
namespace avx512vnni {
extern const DifferenceLoops kLoops;
}
#endif

const DifferenceLoops& difference_loops([[maybe_unused]] kernel::Isa isa) noexcept {
#ifdef DEEPAXE_HAVE_X86_ISAS
  if (isa >= kernel::Isa::kAvx512Vnni) return avx512vnni::kLoops;
  if (isa == kernel::Isa::kAvx512) return avx512::kLoops;
  if (isa == kernel::Isa::kAvx2) return avx2::kLoops;
#endif
  return baseline::kLoops;
}

}  // namespace deepaxe::fault
