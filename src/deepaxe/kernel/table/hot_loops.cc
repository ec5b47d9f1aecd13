#include "deepaxe/kernel/table/hot_loops.h"

namespace deepaxe::kernel::table {

namespace baseline {
HotLoops make_hot_loops() noexcept;
}
namespace portable {
HotLoops make_hot_loops() noexcept;
}
#ifdef DEEPAXE_HAVE_X86_ISAS
namespace avx2 {
HotLoops make_hot_loops() noexcept;
}
namespace avx512 {
HotLoops make_hot_loops() noexcept;
}
namespace avx512vnni {
HotLoops make_hot_loops() noexcept;
}
namespace amx {
HotLoops make_hot_loops() noexcept;
}
#endif

const HotLoops& hot_loops(Isa isa) noexcept {
  static const HotLoops of_baseline = baseline::make_hot_loops();
#ifdef DEEPAXE_HAVE_X86_ISAS
  static const HotLoops of_avx2 = avx2::make_hot_loops();
  static const HotLoops of_avx512 = avx512::make_hot_loops();
  static const HotLoops of_avx512vnni = avx512vnni::make_hot_loops();
  static const HotLoops of_amx = amx::make_hot_loops();
  switch (isa) {
    case Isa::kAmx:
      return of_amx;
    case Isa::kAvx512Vnni:
      return of_avx512vnni;
    case Isa::kAvx512:
      return of_avx512;
    case Isa::kAvx2:
      return of_avx2;
    case Isa::kBaseline:
      break;
  }
#endif
  (void)isa;
  return of_baseline;
}

const HotLoops& portable_loops() noexcept {
  static const HotLoops loops = portable::make_hot_loops();
  return loops;
}

}  // namespace deepaxe::kernel::table
