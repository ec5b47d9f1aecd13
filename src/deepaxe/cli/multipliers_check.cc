// deepaxe multipliers check: what files of multipliers hold, measured over all operand pairs.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "deepaxe/arith/recognition.h"
#include "deepaxe/arith/user_library.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/circuit_options.h"
#include "deepaxe/cli/error_figures.h"
#include "deepaxe/cli/multipliers.h"
#include "deepaxe/frontend/circuit/circuit.h"
#include "deepaxe/frontend/circuit/plausibility.h"

namespace deepaxe::cli {
namespace {

namespace circuit = frontend::circuit;
using Json = nlohmann::ordered_json;

struct CheckArguments {
  std::vector<std::string> files;
  CircuitArguments circuit;
};

struct CheckedFile {
  std::string file;
  std::optional<circuit::Circuit> circuit;  // Nothing: it could not be read.
  arith::ErrorStats stats;
  std::string identity;
  std::vector<std::string> equals;  // "1KVP = bam(1,3)", imports, earlier files.
  std::vector<std::string> remarks;
  std::string refusal;  // Empty: accepted.
};

void judge_claims(CheckedFile& checked) {
  if (!checked.circuit) return;
  const circuit::ClaimsVerdict verdict =
      circuit::judge_claims(checked.circuit->claims, checked.stats);
  for (const std::string& claim : verdict.differing) checked.remarks.push_back("claims " + claim);
  circuit::require_agreement(verdict, checked.file);
}

CheckedFile check_file(const std::string& file, const circuit::ReadParams& params) {
  CheckedFile checked;
  checked.file = file;
  try {
    checked.circuit = circuit::read_circuit(file, params);
    const arith::ProductTable& table = checked.circuit->table;
    checked.stats = arith::error_stats(table);
    checked.identity = arith::identity(table);
    if (table.signedness == arith::Signedness::kSigned) {
      if (const auto family = arith::recognize(checked.identity)) {
        checked.equals.push_back(arith::describe(*family));
      }
      for (const std::string& name : arith::imports_of_identity(checked.identity)) {
        checked.equals.push_back("import " + name);
      }
    }
    circuit::require_plausible(table, file);
    if (const auto hint = circuit::nearer_reading(table)) checked.remarks.push_back(*hint);
    judge_claims(checked);
  } catch (const base::InputError& error) {
    checked.refusal = error.what();
  }
  return checked;
}

std::vector<CheckedFile> check_files(const CheckArguments& arguments) {
  std::vector<CheckedFile> checks;
  std::map<std::string, std::string> first_file;  // By identity.
  for (const std::string& file : arguments.files) {
    base::check_interrupt();
    CheckedFile& checked = checks.emplace_back(check_file(file, to_params(arguments.circuit)));
    if (!checked.circuit) continue;
    const auto [place, is_new] = first_file.try_emplace(checked.identity, file);
    if (!is_new) {
      checked.equals.push_back(std::filesystem::path(place->second).filename().string());
    }
  }
  return checks;
}

std::string text_of(const CheckedFile& checked) {
  std::vector<std::string> notes = checked.equals;
  if (!checked.refusal.empty()) notes.emplace_back("refused");
  return base::join(notes, ", ");
}

void print_text(const std::vector<CheckedFile>& checks) {
  std::vector<std::vector<std::string>> rows = {
      {"file", "format", "operands", "MAE lsb", "WCE", "EP %", "MRE %", "bias lsb", "equals"}};
  for (const CheckedFile& checked : checks) {
    const std::string name = std::filesystem::path(checked.file).filename().string();
    if (!checked.circuit) {
      rows.push_back({name, "-", "-", "-", "-", "-", "-", "-", text_of(checked)});
      continue;
    }
    const arith::ErrorStats& stats = checked.stats;
    rows.push_back({name, std::string(to_string(checked.circuit->format)),
                    std::string(to_string(checked.circuit->table.signedness)),
                    fmt::format("{:.2f}", stats.mean_absolute_lsb),
                    std::to_string(stats.worst_case_lsb),
                    fmt::format("{:.2f}", 100 * stats.probability),
                    fmt::format("{:.2f}", 100 * stats.mean_relative),
                    fmt::format("{:.2f}", stats.mean_lsb), text_of(checked)});
  }
  fmt::print("{}", base::align_columns(rows));
  for (const CheckedFile& checked : checks) {
    if (!checked.refusal.empty()) fmt::print("refused: {}\n", checked.refusal);
    for (const std::string& remark : checked.remarks) {
      fmt::print("warning: {}: {}\n", checked.file, remark);
    }
  }
}

Json check_json(const CheckedFile& checked) {
  Json json = {{"file", checked.file}, {"accepted", checked.refusal.empty()}};
  json["refusal"] = checked.refusal.empty() ? Json() : Json(checked.refusal);
  json["warnings"] = checked.remarks;
  if (!checked.circuit) return json;
  json["format"] = to_string(checked.circuit->format);
  json["operands"] = to_string(checked.circuit->table.signedness);
  json["identity_sha256"] = checked.identity;
  json["gates"] = checked.circuit->netlist ? Json(checked.circuit->netlist->gates.size()) : Json();
  json["equals"] = checked.equals;
  json["measured"] = stats_json(checked.stats);
  return json;
}

void run(const CheckArguments& arguments, const CommonOptions& common) {
  const std::vector<CheckedFile> checks = check_files(arguments);
  if (common.json) {
    Json rows = Json::array();
    for (const CheckedFile& checked : checks) rows.push_back(check_json(checked));
    fmt::print("{}\n", rows.dump(2, ' ', false, Json::error_handler_t::replace));
  } else {
    print_text(checks);
  }
  const auto num_refused = std::ranges::count_if(
      checks, [](const CheckedFile& checked) { return !checked.refusal.empty(); });
  if (num_refused > 0) {
    throw base::InputError({"multipliers check", "",
                            fmt::format("{} of {} files refused", num_refused, checks.size()), ""});
  }
}

}  // namespace

void add_multipliers_check(CLI::App& multipliers, Selection& selection) {
  CLI::App* command = multipliers.add_subcommand(
      "check", "What files of multipliers hold, measured; exit 1 if one is refused");
  const auto a = std::make_shared<CheckArguments>();
  command
      ->add_option("FILE", a->files,
                   ".npy, TFApprox .bin, text, CSV, C, Verilog, BLIF or CGP chromosomes")
      ->required();
  add_circuit_options(*command, a->circuit);
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
