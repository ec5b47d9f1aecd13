// deepaxe multipliers export: our multipliers as files of other programs.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/file.h"
#include "deepaxe/cli/multipliers.h"
#include "deepaxe/frontend/circuit/writers.h"

namespace deepaxe::cli {
namespace {

namespace circuit = frontend::circuit;

struct ExportArguments {
  std::string multiplier;
  std::string format;
  std::string output;
};

void run(const ExportArguments& arguments, const CommonOptions& common) {
  const arith::MultiplierPtr found = arith::find_multiplier(arguments.multiplier);
  const auto format = circuit::parse_export_format(arguments.format);
  if (!format) throw std::logic_error("a format that the option should have refused");
  const std::vector<std::byte> bytes = circuit::format_circuit(*found, *format);
  base::write_file_atomically(arguments.output, bytes);
  if (common.json) {
    const nlohmann::ordered_json json = {{"multiplier", found->name},
                                         {"format", arguments.format},
                                         {"file", arguments.output},
                                         {"bytes", bytes.size()},
                                         {"identity_sha256", found->multiplier.identity()}};
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return;
  }
  fmt::print("{}: {} as {}, {} bytes\n", arguments.output, found->name, arguments.format,
             bytes.size());
}

}  // namespace

void add_multipliers_export(CLI::App& multipliers, Selection& selection) {
  CLI::App* command =
      multipliers.add_subcommand("export", "A multiplier as a file of another program");
  const auto a = std::make_shared<ExportArguments>();
  command->add_option("MULTIPLIER", a->multiplier, "As for show")->required();
  const auto names = circuit::export_format_names();
  command->add_option("--to", a->format, "Tables, or circuits (c, verilog, blif, cgp)")
      ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())))
      ->required();
  command->add_option("-o,--output", a->output, "File to write")->required();
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
