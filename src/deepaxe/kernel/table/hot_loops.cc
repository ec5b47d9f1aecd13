#include "deepaxe/kernel/table/hot_loops.h"

namespace deepaxe::kernel::table {

namespace baseline {
HotLoops make_hot_loops() noexcept;
}
#ifdef DEEPAXE_HAVE_X86_ISAS
namespace avx2 {
HotLoops make_hot_loops() noexcept;
}
namespace avx512 {
HotLoops make_hot_loops() noexcept;
}
#endif

const HotLoops& hot_loops(Isa isa) noexcept {
#ifdef DEEPAXE_HAVE_X86_ISAS
  if (isa == Isa::kAvx512) {
    static const HotLoops wide = avx512::make_hot_loops();
    return wide;
  }
  if (isa == Isa::kAvx2) {
    static const HotLoops middle = avx2::make_hot_loops();
    return middle;
  }
#endif
  (void)isa;
  static const HotLoops narrow = baseline::make_hot_loops();
  return narrow;
}

}  // namespace deepaxe::kernel::table
