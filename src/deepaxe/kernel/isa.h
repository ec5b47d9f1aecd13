// Isa: the instruction sets the hot loops are compiled for; chosen at run time.
#pragma once

#include <string_view>
#include <vector>

namespace deepaxe::kernel {

/// In increasing order of width. Every one gives the same bytes.
enum class Isa {
  kBaseline,  ///< What the compiler may assume: SSE2 on x86-64.
  kAvx2,
  kAvx512,      ///< AVX-512 F, BW, DQ and VL.
  kAvx512Vnni,  ///< And VNNI, VBMI and GFNI: products and functions of bytes.
  kAmx,         ///< And the matrix unit for bytes (AMX-INT8).
};

std::string_view isa_name(
    Isa isa) noexcept;  ///< "baseline", "avx2", "avx512", "avx512vnni", "amx".

/// Those that were compiled in and that this machine runs, in increasing order.
const std::vector<Isa>& available_isas();

/// The widest available one, or the one that `forced` names. Throws base::InputError, naming the
/// available ones, if it is unknown or not supported here. Empty is not forced.
Isa choose_isa(std::string_view forced);

/// choose_isa of the environment variable DEEPAXE_ISA, read once.
Isa active_isa();

}  // namespace deepaxe::kernel
