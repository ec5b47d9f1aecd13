// Circuit: an 8x8-bit multiplier read from another program's file, not yet judged.
// Formats and their sources: docs/multipliers.md.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/netlist.h"
#include "deepaxe/arith/product_table.h"
#include "deepaxe/frontend/circuit/claims.h"

namespace deepaxe::frontend::circuit {

using arith::ProductTable;
using arith::Signedness;

enum class Format { kNpy, kTfApprox, kText, kC, kVerilog, kBlif, kCgp };

std::string_view to_string(Format format) noexcept;  ///< "npy", "tfapprox", "text", "c"...

/// Which operand of the file becomes the first one, the activation.
enum class OperandOrder { kAb, kBa };

struct ReadParams {
  std::optional<Signedness> signedness;  ///< Nothing: as the file says.
  OperandOrder order = OperandOrder::kAb;
};

struct Circuit {
  Format format = Format::kNpy;
  ProductTable table;
  std::optional<arith::Netlist> netlist;  ///< Its 16 outputs are the low bits of every product.
  std::vector<Claim> claims;              ///< What the file says of its own errors.
  int num_expanded = 0;  ///< Products of two variables by `*`, in the netlist rows of gates.
};

/// Format by content, or where several fit by the ending of `name`. Throws base::InputError where
/// none fits.
Format recognize_format(std::span<const std::byte> bytes, const std::string& name);

/// The circuit of a file's bytes; `name` is the file of messages, and "mul8s..." or "mul8u..." in
/// it or as the name of a function or module tells signed from unsigned where the format does not.
/// Throws base::InputError, with the line and the token or the place, for whatever is not an
/// 8x8-bit multiplier of the format, and, naming both options, where signed and unsigned are
/// equally right.
Circuit parse_circuit(std::span<const std::byte> bytes, const std::string& name,
                      const ReadParams& params);

/// parse_circuit of a regular file of at most 2 MB (1 MB of C, Verilog, BLIF, CGP), gzip or not.
Circuit read_circuit(const std::string& file, const ReadParams& params);

}  // namespace deepaxe::frontend::circuit
