#include "deepaxe/cli/circuit_options.h"

namespace deepaxe::cli {

using arith::Signedness;

void add_circuit_options(CLI::App& command, CircuitArguments& arguments) {
  CLI::Option* is_signed =
      command.add_flag("--signed", arguments.is_signed,
                       "Operands are two's complement (where the file does not say)");
  command.add_flag("--unsigned", arguments.is_unsigned, "Operands are 0..255")->excludes(is_signed);
  command
      .add_option("--operands", arguments.operands,
                  "ab: the file's first operand is the activation; ba: its second")
      ->check(CLI::IsMember({"ab", "ba"}))
      ->capture_default_str();
}

frontend::circuit::ReadParams to_params(const CircuitArguments& arguments) {
  frontend::circuit::ReadParams params;
  if (arguments.is_signed) params.signedness = Signedness::kSigned;
  if (arguments.is_unsigned) params.signedness = Signedness::kUnsigned;
  if (arguments.operands == "ba") params.order = frontend::circuit::OperandOrder::kBa;
  return params;
}

std::string_view to_string(Signedness signedness) noexcept {
  return signedness == Signedness::kSigned ? "signed" : "unsigned";
}

}  // namespace deepaxe::cli
