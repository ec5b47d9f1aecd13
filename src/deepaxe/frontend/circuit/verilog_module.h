// A parsed Verilog module: nets, continuous assignments, gates and instances of other modules.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "deepaxe/frontend/circuit/gate_writer.h"

namespace deepaxe::frontend::circuit {

struct VerilogExpression;
using ExpressionPtr = std::unique_ptr<VerilogExpression>;

/// A node of an expression tree; `depth` bounds the recursion over it.
struct VerilogExpression {
  enum class Kind { kLiteral, kBits, kUnary, kBinary, kTernary, kConcat, kReplicate };

  Kind kind = Kind::kLiteral;
  std::string op;                       ///< kUnary, kBinary.
  Word literal;                         ///< kLiteral: constants only.
  std::vector<std::uint32_t> bits;      ///< kBits: positions among the module's bits, LSB first.
  bool is_signed = false;               ///< kLiteral, kBits.
  std::uint32_t count = 1;              ///< kReplicate.
  std::vector<ExpressionPtr> operands;  ///< kConcat: as written, the most significant first.
  int depth = 1;
};

/// Something that drives bits: an assignment, a gate primitive or an instance.
struct VerilogItem {
  enum class Kind { kAssign, kPrimitive, kInstance };
  struct Connection {
    std::string port;          ///< Empty: by position.
    ExpressionPtr expression;  ///< Null: left open.
  };

  Kind kind = Kind::kAssign;
  std::string name;  ///< Of the primitive or module.
  int line = 0;
  std::vector<std::uint32_t> targets;   ///< kAssign, kPrimitive: the bits that are driven.
  std::vector<ExpressionPtr> sources;   ///< kAssign: one; kPrimitive: the inputs.
  std::vector<Connection> connections;  ///< kInstance.
};

enum class Direction { kNone, kInput, kOutput };

/// A scalar or vector; bit `msb` is the most significant one, whether 7:0 or 0:7.
struct VerilogNet {
  int msb = 0;
  int lsb = 0;
  std::uint32_t first = 0;  ///< Position of the least significant bit among the module's bits.
  bool is_signed = false;
  Direction direction = Direction::kNone;

  std::uint32_t width() const {
    return static_cast<std::uint32_t>(msb > lsb ? msb - lsb : lsb - msb) + 1;
  }
};

struct VerilogModule {
  std::string name;
  int line = 0;
  std::vector<std::string> ports;  ///< In order.
  std::map<std::string, VerilogNet, std::less<>> nets;
  std::uint32_t num_bits = 0;
  std::vector<VerilogItem> items;
};

using VerilogModules = std::map<std::string, VerilogModule, std::less<>>;

}  // namespace deepaxe::frontend::circuit
