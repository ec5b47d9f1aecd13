#include "deepaxe/kernel/isa.h"

#if defined(DEEPAXE_HAVE_X86_ISAS) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <cstdlib>
#include <string>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"

namespace deepaxe::kernel {
namespace {

#ifdef DEEPAXE_HAVE_X86_ISAS

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

bool has_byte_functions() {
  return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vbmi") &&
         __builtin_cpu_supports("gfni");
}

// The compilers' own question does not know AMX. Its registers are large, so that Linux gives them
// to a process only when asked (Documentation/arch/x86/xstate.rst).
bool has_amx() {
#if defined(__linux__)
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  constexpr unsigned kAmxTileAndInt8 = 1U << 24 | 1U << 25;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
  if ((edx & kAmxTileAndInt8) != kAmxTileAndInt8) return false;
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long kTileData = 18;               // XFEATURE_XTILE_DATA
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

#endif

std::vector<Isa> detect() {
  std::vector<Isa> isas = {Isa::kBaseline};
#ifdef DEEPAXE_HAVE_X86_ISAS
  if (!__builtin_cpu_supports("avx2")) return isas;
  isas.push_back(Isa::kAvx2);
  if (!has_avx512()) return isas;
  isas.push_back(Isa::kAvx512);
  if (!has_byte_functions()) return isas;
  isas.push_back(Isa::kAvx512Vnni);
  if (has_amx()) isas.push_back(Isa::kAmx);
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
      return "avx512";
    case Isa::kAvx512Vnni:
      return "avx512vnni";
    case Isa::kAmx:
      break;
  }
  return "amx";
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
