// deepaxe multipliers show: everything known about one multiplier.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/arith/structure.h"
#include "deepaxe/arith/weighted_error.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/text.h"
#include "deepaxe/cli/multiplier_emulation.h"
#include "deepaxe/cli/multiplier_in_network.h"
#include "deepaxe/cli/multiplier_json.h"
#include "deepaxe/cli/multipliers.h"
#include "deepaxe/cli/quantization.h"
#include "deepaxe/report/multiplier_charts.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

struct ShowArguments {
  std::string name;
  std::string heat_map;
  std::string histogram;
  WorkArguments work;  // Without a model: no network.
};

// "file m.c, format C, wrap none".
std::string text_of(const arith::Provenance& provenance) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : provenance) parts.push_back(key + " " + value);
  return base::join(parts, ", ");
}

void print_emulation(const Emulation& emulation) {
  const kernel::table::Choice& choice = emulation.choice;
  const std::string products =
      choice.num_terms > 1 ? fmt::format(", {} matrix products", choice.num_terms) : "";
  fmt::print("  emulation    {}{}: {} (3x3 convolution, 64 channels)\n", choice.strategy, products,
             choice.reason);
  fmt::print(
      "  its cost     {:.3g} ns per 1,000 products, {:.2f} times the exact product's "
      "(measured now, one core, {})\n",
      emulation.ns_per_1000_products, emulation.relative_to_exact,
      kernel::isa_name(kernel::active_isa()));
}

Json emulation_json(const Emulation& emulation) {
  return {{"strategy", emulation.choice.strategy},
          {"reason", emulation.choice.reason},
          {"matrix_products", emulation.choice.num_terms},
          {"prepared_bytes", emulation.choice.prepared_bytes},
          {"measured_ns_per_1000_products", emulation.ns_per_1000_products},
          {"measured_time_relative_to_exact", emulation.relative_to_exact},
          {"isa", kernel::isa_name(kernel::active_isa())}};
}

std::string bits_text(std::uint8_t mask) {
  std::string text;
  for (int bit = 7; bit >= 0; --bit) {
    if ((mask >> bit & 1) != 0) text += static_cast<char>('0' + bit);
  }
  return text.empty() ? "none" : text;
}

// "0.00 (a = 0) to 12.50 (a = -127)": the smallest and the largest MAE given one operand.
std::string range_text(const arith::ErrorByCode& errors, char operand) {
  int low = 0, high = 0;
  const auto error_at = [&](int code) {
    return errors[static_cast<std::uint8_t>(code)].mean_absolute_lsb;
  };
  for (int code = -128; code <= 127; ++code) {
    if (error_at(code) < error_at(low)) low = code;
    if (error_at(code) > error_at(high)) high = code;
  }
  return fmt::format("{:.2f} ({} = {}) to {:.2f} ({} = {})", error_at(low), operand, low,
                     error_at(high), operand, high);
}

void print_structure(const arith::Structure& structure, const arith::Multiplier& multiplier) {
  fmt::print("  error rank   {} over the rationals; as functions of one operand: {}\n",
             structure.error_rank, to_string(structure.separability));
  fmt::print("  error bits   first operand {}, second operand {}\n",
             bits_text(structure.first_operand_bits), bits_text(structure.second_operand_bits));
  fmt::print("  symmetry     {}, {}; products with 0 reach {} (first), {} (second)\n",
             structure.commutes ? "commutes" : "does not commute",
             structure.is_odd ? "odd" : "not odd", structure.zero_first_lsb,
             structure.zero_second_lsb);
  fmt::print("  MAE given a  {}\n",
             range_text(arith::error_by_first(multiplier, arith::uniform_counts()), 'a'));
  fmt::print("  MAE given b  {}\n",
             range_text(arith::error_by_second(multiplier, arith::uniform_counts()), 'b'));
}

void print_published(const arith::PublishedFigures& figures) {
  fmt::print("  published    MAE {} %, WCE {} %, EP {:.2f} %, MRE {:.2f} %\n", figures.mae_percent,
             figures.wce_percent, figures.ep_percent, figures.mre_percent);
  fmt::print("  published    power {} mW, area {} um2, delay {} ns\n", figures.power_mw,
             figures.area_um2, figures.delay_ns);
  fmt::print("  source       {}\n", kFiguresSource);
}

void print_multiplier(const arith::NamedMultiplier& named, const arith::Structure& structure,
                      const Emulation& emulation) {
  const arith::ErrorStats stats = arith::error_stats(named.multiplier);
  fmt::print("{}{}\n", named.name, named.multiplier.is_exact() ? " (exact)" : "");
  if (named.family) {
    fmt::print("  circuit      {}: {}\n", arith::to_string(*named.family),
               named.family->info().summary);
    fmt::print("  family       {}\n", named.family->info().source);
  }
  fmt::print("  identity     {} (SHA-256 of the products)\n", named.multiplier.identity());
  if (named.netlist) {
    fmt::print("  netlist      {} two-input gates, depth {}\n", named.netlist->gates.size(),
               arith::depth(*named.netlist));
  } else {
    fmt::print("  netlist      none: products alone\n");
  }
  if (named.given_luts) fmt::print("  LUTs         {}, as given at import\n", *named.given_luts);
  if (!named.provenance.empty()) fmt::print("  imported     {}\n", text_of(named.provenance));
  fmt::print(
      "  measured     MAE {:.6g} lsb, bias {:.6g} lsb, WCE {} lsb, EP {:.2f} %, MRE {:.2f} %\n",
      stats.mean_absolute_lsb, stats.mean_lsb, stats.worst_case_lsb, 100 * stats.probability,
      100 * stats.mean_relative);
  print_structure(structure, named.multiplier);
  print_emulation(emulation);
  if (named.published) print_published(*named.published);
}

std::vector<std::int32_t> errors_by_value(const arith::Multiplier& multiplier) {
  std::vector<std::int32_t> errors;
  for (int a = -128; a <= 127; ++a) {
    for (int b = -128; b <= 127; ++b) {
      errors.push_back(multiplier(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b)) -
                       a * b);
    }
  }
  return errors;
}

void write_charts(const arith::NamedMultiplier& named, const ShowArguments& arguments) {
  const std::vector<std::int32_t> errors = errors_by_value(named.multiplier);
  const std::string title = "Error of " + named.name;
  if (!arguments.heat_map.empty()) {
    base::write_file_atomically(arguments.heat_map, report::error_heat_map(title, errors));
  }
  if (!arguments.histogram.empty()) {
    base::write_file_atomically(arguments.histogram, report::error_histogram(title, errors));
  }
}

void show(const CLI::App& command, const ShowArguments& arguments, const CommonOptions& common) {
  if (arguments.work.model.empty()) {
    refuse_idle(command, {"--config", "--input", "--images"}, "no --model", "--model and --data");
    refuse_quantization_options(arguments.work.quantization, "no --model", "--model and --data");
  }
  base::require_writable(arguments.heat_map);
  base::require_writable(arguments.histogram);
  const arith::MultiplierPtr named = arith::find_multiplier(arguments.name);
  base::check_interrupt();
  const arith::Structure structure = arith::analyze_structure(named->multiplier);
  const Emulation emulation = measure_emulation(named->multiplier);
  MultiplierInNetwork network;
  if (!arguments.work.model.empty()) {
    network = predict_in_network(named, arguments.work, common);
  }
  base::check_interrupt();
  write_charts(*named, arguments);
  if (!common.json) {
    print_multiplier(*named, structure, emulation);
    fmt::print("{}", network.text);
    return;
  }
  Json json = multiplier_json(*named);
  json["structure"] = structure_json(structure);
  json["conditional_error"] = conditional_error_json(named->multiplier);
  json["emulation"] = emulation_json(emulation);
  if (!network.json.is_null()) json["network"] = network.json;
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

void add_multipliers_show(CLI::App& multipliers, Selection& selection) {
  CLI::App* command = multipliers.add_subcommand("show", "Everything known about one multiplier");
  const auto arguments = std::make_shared<ShowArguments>();
  command
      ->add_option("MULTIPLIER", arguments->name,
                   "1KVP, mul8s_1KVP, bam(1,3), drum(4), mitchell, exact")
      ->required();
  command->add_option("--heat-map", arguments->heat_map, "Write the error by operands as .svg");
  command->add_option("--histogram", arguments->histogram,
                      "Write the distribution of errors as .svg");
  CLI::Option* model = command->add_option(
      "--model", arguments->work.model,
      "Also its error in this network, and the accuracy drop to expect; needs --data");
  command->add_option("--config", arguments->work.config,
                      "Architecture (JSON) for a weights-only .h5");
  add_data_options(*command, arguments->work);
  CLI::Option* data = command->get_option("--data")->required(false);
  model->needs(data);
  data->needs(model);
  finish_command(
      *command, selection,

      [command, &selection, arguments] { show(*command, *arguments, selection.common); });
}

}  // namespace deepaxe::cli
