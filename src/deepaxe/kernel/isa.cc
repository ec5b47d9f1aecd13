#include "deepaxe/kernel/isa.h"

#include <cstdlib>
#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::kernel {
namespace {

std::vector<Isa> detect() {
  std::vector<Isa> isas = {Isa::kBaseline};
#ifdef DEEPAXE_HAVE_X86_ISAS
  if (__builtin_cpu_supports("avx2")) {
    isas.push_back(Isa::kAvx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      isas.push_back(Isa::kAvx512);
    }
  }
#endif
  return isas;
}

}  // namespace

std::string_view isa_name(Isa isa) noexcept {
  switch (isa) {
    case Isa::kBaseline:
      return "baseline";
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512:
      break;
  }
  return "avx512";
}

const std::vector<Isa>& available_isas() {
  static const std::vector<Isa> isas = detect();
  return isas;
}

Isa choose_isa(std::string_view forced) {
  if (forced.empty()) {
    return available_isas().back();
  }
  std::vector<std::string> names;
  for (const Isa isa : available_isas()) {
    if (isa_name(isa) == forced) {
      return isa;
    }
    names.emplace_back(isa_name(isa));
  }
  throw base::InputError({.file = "DEEPAXE_ISA",
                          .place = {},
                          .found = std::string(forced),
                          .expected = "one this machine runs: " + base::join(names, ", ")});
}

Isa active_isa() {
  static const Isa isa = [] {
    const char* forced = std::getenv("DEEPAXE_ISA");
    return choose_isa(forced == nullptr ? "" : forced);
  }();
  return isa;
}

}  // namespace deepaxe::kernel
