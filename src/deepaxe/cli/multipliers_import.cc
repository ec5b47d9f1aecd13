// deepaxe multipliers import: another program's multiplier into the user's library, with proof.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/arith/recognition.h"
#include "deepaxe/arith/user_library.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/circuit_options.h"
#include "deepaxe/cli/error_figures.h"
#include "deepaxe/cli/multipliers.h"
#include "deepaxe/frontend/circuit/circuit.h"
#include "deepaxe/frontend/circuit/plausibility.h"
#include "deepaxe/frontend/circuit/sign_magnitude.h"
#include "deepaxe/hw/cost/multiplier_luts.h"

namespace deepaxe::cli {
namespace {

namespace circuit = frontend::circuit;
using Json = nlohmann::ordered_json;

struct ImportArguments {
  std::string file;
  std::string name;
  CircuitArguments circuit;
  std::string wrap = "none";
  std::string overflow = "refuse";
  std::optional<double> luts;
  bool ignore_claims = false;
  bool force = false;
};

struct Import {
  circuit::Format format = circuit::Format::kNpy;
  arith::NamedMultiplier named;
  std::vector<std::string> equals;
  int num_saturated = 0;
  std::filesystem::path kept_in;
};

void judge_claims(const circuit::Circuit& read, const ImportArguments& arguments,
                  const CommonOptions& common) {
  const circuit::ClaimsVerdict verdict =
      circuit::judge_claims(read.claims, arith::error_stats(read.table));
  if (!arguments.ignore_claims) circuit::require_agreement(verdict, arguments.file);
  for (const auto& claims : {verdict.differing, verdict.contradicting}) {
    for (const std::string& claim : claims) {
      remark(common, "warning: " + arguments.file + " claims " + claim);
    }
  }
}

// Signed products: as they are, or wrapped as asked.
circuit::Circuit wrapped(circuit::Circuit read, const ImportArguments& arguments) {
  const bool is_signed = read.table.signedness == arith::Signedness::kSigned;
  const bool wraps = arguments.wrap == "sign-magnitude";
  if (is_signed == wraps) {
    throw base::InputError({arguments.file, "",
                            is_signed ? "signed operands and --wrap" : "unsigned operands",
                            is_signed ? "--wrap for unsigned ones only"
                                      : "--wrap sign-magnitude, which makes them signed"});
  }
  if (!wraps) return read;
  if (read.netlist) read.netlist = circuit::wrap_sign_magnitude(*read.netlist);
  read.table = circuit::wrap_sign_magnitude(read.table);
  return read;
}

std::vector<std::string> equals_of(const arith::NamedMultiplier& named) {
  std::vector<std::string> equals;
  const std::string& identity = named.multiplier.identity();
  if (named.family) equals.push_back(arith::describe(*named.family));
  for (const std::string& name : arith::imports_of_identity(identity)) {
    if (name != named.name) equals.push_back("import " + name);
  }
  return equals;
}

Import to_import(circuit::Circuit read, const ImportArguments& arguments) {
  const auto overflow =
      arguments.overflow == "saturate" ? circuit::Overflow::kSaturate : circuit::Overflow::kRefuse;
  circuit::Narrowed narrowed = circuit::narrow(read.table, overflow, arguments.file);
  Import import{.format = read.format,
                .named = {.name = arguments.name,
                          .multiplier = std::move(narrowed.multiplier),
                          .netlist = std::move(read.netlist),
                          .family = std::nullopt,
                          .published = std::nullopt,
                          .given_luts = arguments.luts},
                .equals = {},
                .num_saturated = narrowed.num_saturated,
                .kept_in = {}};
  arith::NamedMultiplier& named = import.named;
  if (import.num_saturated > 0) named.netlist = std::nullopt;  // Its gates do not saturate.
  named.family = arith::recognize(named.multiplier.identity());
  if (named.family) named.netlist = arith::make_netlist(*named.family);
  import.equals = equals_of(named);
  return import;
}

arith::Provenance provenance_of(const circuit::Circuit& read, const ImportArguments& arguments) {
  arith::Provenance provenance = {
      {"file", std::filesystem::path(arguments.file).filename().string()},
      {"format", std::string(to_string(read.format))},
      {"operands", arguments.circuit.operands},
      {"wrap", arguments.wrap},
      {"overflow", arguments.overflow}};
  std::vector<std::string> claims;
  claims.reserve(read.claims.size());
  for (const circuit::Claim& claim : read.claims) claims.push_back(claim.text);
  if (!claims.empty()) provenance.emplace_back("claims", base::join(claims, "; "));
  if (read.num_expanded > 0) {
    provenance.emplace_back(hw::cost::kExpandedKey,
                            fmt::format("{} * as gates", read.num_expanded));
  }
  return provenance;
}

void print(const Import& import, const CommonOptions& common) {
  const arith::NamedMultiplier& named = import.named;
  const arith::ErrorStats stats = arith::error_stats(named.multiplier);
  if (common.json) {
    Json json = {{"name", named.name},
                 {"format", to_string(import.format)},
                 {"identity_sha256", named.multiplier.identity()},
                 {"equals", import.equals},
                 {"saturated_products", import.num_saturated},
                 {"kept_in", import.kept_in.string()},
                 {"measured", stats_json(stats)}};
    json["gates"] = named.netlist ? Json(named.netlist->gates.size()) : Json();
    json["luts"] = named.given_luts ? Json(*named.given_luts) : Json();
    fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    return;
  }
  fmt::print("{}: MAE {:.6g} lsb, bias {:.6g} lsb, WCE {} lsb, EP {:.2f} %, MRE {:.2f} %\n",
             named.name, stats.mean_absolute_lsb, stats.mean_lsb, stats.worst_case_lsb,
             100 * stats.probability, 100 * stats.mean_relative);
  if (!import.equals.empty()) fmt::print("equals   {}\n", base::join(import.equals, ", "));
  if (named.netlist) {
    fmt::print("netlist  {} two-input gates\n", named.netlist->gates.size());
  } else {
    fmt::print("netlist  none: products alone{}\n",
               named.given_luts ? "" : "; its cost is not known without --luts");
  }
  if (import.num_saturated > 0) fmt::print("clamped  {} products\n", import.num_saturated);
  fmt::print("kept in  {}\n", import.kept_in.string());
}

void run(const ImportArguments& arguments, const CommonOptions& common) {
  arith::check_new_name(arguments.name, arguments.force);
  circuit::Circuit read = circuit::read_circuit(arguments.file, to_params(arguments.circuit));
  circuit::require_plausible(read.table, arguments.file);
  if (const auto hint = circuit::nearer_reading(read.table)) {
    remark(common, "warning: " + arguments.file + ": " + *hint);
  }
  judge_claims(read, arguments, common);
  arith::Provenance provenance = provenance_of(read, arguments);
  Import import = to_import(wrapped(std::move(read), arguments), arguments);
  import.named.provenance = std::move(provenance);
  import.kept_in = arith::save_imported(import.named, arguments.force);
  print(import, common);
}

}  // namespace

void add_multipliers_import(CLI::App& multipliers, Selection& selection) {
  CLI::App* command = multipliers.add_subcommand(
      "import", "Another program's multiplier, checked, under a name for --assign");
  const auto a = std::make_shared<ImportArguments>();
  command
      ->add_option("FILE", a->file,
                   ".npy, TFApprox .bin, text, CSV, C, Verilog, BLIF or CGP chromosome")
      ->required();
  command->add_option("--name", a->name, "Its name from now on")->required();
  add_circuit_options(*command, a->circuit);
  command
      ->add_option("--wrap", a->wrap,
                   "sign-magnitude: sign(a) sign(b) u(|a|,|b|) of an unsigned circuit u")
      ->check(CLI::IsMember({"none", "sign-magnitude"}))
      ->capture_default_str();
  command->add_option("--overflow", a->overflow, "Products outside 16 bits: refuse or saturate")
      ->check(CLI::IsMember({"refuse", "saturate"}))
      ->capture_default_str();
  command
      ->add_option("--luts", a->luts,
                   "6-input LUTs of one multiplier, for cost; default: mapped from its netlist")
      ->check(kFinite)
      ->check(CLI::Range(0.0, 1e6));
  command->add_flag("--ignore-claims", a->ignore_claims,
                    "Import although the file's own error figures are more than 10 % off");
  command->add_flag("--force", a->force, "Replace an import of that name");
  finish_command(*command, selection, [&selection, a] { run(*a, selection.common); });
}

}  // namespace deepaxe::cli
