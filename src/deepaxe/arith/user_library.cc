#include "deepaxe/arith/user_library.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "deepaxe/arith/multiplier_npy.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/npy.h"

namespace deepaxe::arith {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::size_t kMaxNameLength = 64;
constexpr std::size_t kMaxGates = 1'000'000;

bool is_valid_name(std::string_view name) {
  const auto is_alnum = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  if (name.empty() || name.size() > kMaxNameLength || !is_alnum(name.front())) return false;
  return std::ranges::all_of(
      name, [&](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; });
}

std::optional<std::filesystem::path> find_folder() {
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const auto home = variable("DEEPAXE_HOME"); !home.empty()) return home / "multipliers";
  const auto data = variable("XDG_DATA_HOME");
  if (!data.empty()) return data / "deepaxe/multipliers";
  const auto home = variable("HOME");
  if (home.empty()) return std::nullopt;
  return home / ".local/share/deepaxe/multipliers";
}

Json to_json(const Netlist& netlist) {
  Json gates = Json::array();
  for (const Gate& gate : netlist.gates) {
    gates.push_back(Json::array({gate_name(gate.kind), gate.a, gate.b}));
  }
  return {{"gates", gates}, {"outputs", netlist.outputs}};
}

GateKind gate_kind(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(GateKind::kXnor); ++i) {
    const auto kind = static_cast<GateKind>(i);
    if (gate_name(kind) == name) return kind;
  }
  throw std::invalid_argument("gate '" + name + "'");
}

Netlist netlist_from(const Json& json) {
  Netlist netlist;
  const Json& gates = json.at("gates");
  if (gates.size() > kMaxGates) throw std::invalid_argument("more than 1000000 gates");
  for (const Json& entry : gates) {
    const auto net = Netlist::kNumInputs + static_cast<std::uint32_t>(netlist.gates.size());
    const Gate gate{gate_kind(entry.at(0).get<std::string>()), entry.at(1).get<std::uint32_t>(),
                    entry.at(2).get<std::uint32_t>()};
    if (gate.a >= net || gate.b >= net) throw std::invalid_argument("a gate before its fan-in");
    netlist.gates.push_back(gate);
  }
  netlist.outputs = json.at("outputs").get<std::array<std::uint32_t, 16>>();
  for (const std::uint32_t net : netlist.outputs) {
    if (net >= Netlist::kNumInputs + netlist.gates.size()) {
      throw std::invalid_argument("an output without a gate");
    }
  }
  return netlist;
}

NamedMultiplier from_json(const Json& json, const std::filesystem::path& npy_file) {
  if (json.at("deepaxe_multiplier").get<int>() != kVersion) {
    throw std::invalid_argument("another version than 1");
  }
  if (json.at("name").get<std::string>() != npy_file.stem().string()) {
    throw std::invalid_argument("another name than that of the file");
  }
  NamedMultiplier named{
      .name = npy_file.stem().string(),
      .multiplier = multiplier_from_npy(base::read_npy(npy_file), npy_file.string()),
      .netlist = std::nullopt,
      .family = std::nullopt,
      .published = std::nullopt,
      .given_luts = std::nullopt};
  if (json.at("identity_sha256").get<std::string>() != named.multiplier.identity()) {
    throw std::invalid_argument("another identity than that of " + npy_file.filename().string());
  }
  if (json.contains("luts")) named.given_luts = json.at("luts").get<double>();
  if (json.contains("provenance")) {
    for (const auto& [key, value] : json.at("provenance").items()) {
      named.provenance.emplace_back(key, value.get<std::string>());
    }
  }
  if (json.contains("netlist")) named.netlist = netlist_from(json.at("netlist"));
  if (json.contains("family")) {
    named.family = parse_family(json.at("family").get<std::string>());
    if (named.family) named.netlist = make_netlist(*named.family);
  }
  if (named.netlist && !std::ranges::equal(tabulate(*named.netlist), named.multiplier.products())) {
    throw std::invalid_argument("a netlist with other products");
  }
  return named;
}

}  // namespace

std::filesystem::path user_library_folder() {
  if (const auto folder = find_folder()) return *folder;
  throw base::InputError({"library of multipliers", "", "none of DEEPAXE_HOME, XDG_DATA_HOME, HOME",
                          "one of them to be set"});
}

std::vector<std::string> user_library_names() {
  std::vector<std::string> names;
  const auto folder = find_folder();
  if (!folder) return names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(*folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string stem = entry->path().stem().string();
    if (entry->path().extension() == ".json" && is_valid_name(stem)) names.push_back(stem);
  }
  std::ranges::sort(names);
  return names;
}

std::optional<std::filesystem::path> find_in_user_library(std::string_view name) {
  const auto folder = find_folder();
  if (!folder || !is_valid_name(name)) return std::nullopt;
  std::filesystem::path file = *folder / (std::string(name) + ".json");
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::nullopt;
  return file;
}

NamedMultiplier load_imported(const std::filesystem::path& json_file) {
  const std::vector<std::byte> bytes = base::read_file(json_file);
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  std::filesystem::path npy_file = json_file;
  npy_file.replace_extension(".npy");
  try {
    return from_json(Json::parse(text, text + bytes.size()), npy_file);
  } catch (const Json::exception& error) {
    throw base::InputError({json_file.string(), "", error.what(), "a multiplier as imported"});
  } catch (const std::invalid_argument& error) {
    throw base::InputError({json_file.string(), "", error.what(), "a multiplier as imported"});
  }
}

std::vector<std::string> imports_of_identity(const std::string& identity) {
  std::vector<std::string> names;
  for (const std::string& name : user_library_names()) {
    try {
      const auto file = find_in_user_library(name);
      if (file && load_imported(*file).multiplier.identity() == identity) names.push_back(name);
    } catch (const base::InputError&) {  // Its own user will hear of it.
      continue;
    }
  }
  return names;
}

void check_new_name(const std::string& name, bool replace) {
  if (!is_valid_name(name)) {
    throw base::InputError({"--name", "", "'" + name + "'",
                            "1 to 64 letters, digits, '_', '.', '-', a letter or digit first"});
  }
  if (is_built_in(name)) {
    throw base::InputError({"--name", "", "'" + name + "', a built-in multiplier", "another name"});
  }
  if (!replace && find_in_user_library(name)) {
    throw base::InputError({"--name", "", "'" + name + "', imported before",
                            "another name, or --force to replace it"});
  }
}

std::filesystem::path save_imported(const NamedMultiplier& multiplier, bool replace) {
  check_new_name(multiplier.name, replace);
  const std::filesystem::path folder = user_library_folder();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw base::InputError({folder.string(), "", error.message(), "a writable folder"});
  Json json = {{"deepaxe_multiplier", kVersion},
               {"name", multiplier.name},
               {"identity_sha256", multiplier.multiplier.identity()}};
  for (const auto& [key, value] : multiplier.provenance) json["provenance"][key] = value;
  if (multiplier.given_luts) json["luts"] = *multiplier.given_luts;
  if (multiplier.family) {
    json["family"] = to_string(*multiplier.family);
  } else if (multiplier.netlist) {
    json["netlist"] = to_json(*multiplier.netlist);
  }
  std::filesystem::path file = folder / (multiplier.name + ".json");
  base::write_file_atomically(folder / (multiplier.name + ".npy"),
                              base::format_npy(to_npy(multiplier.multiplier)));
  // A file name among the provenance need not be UTF-8.
  base::write_file_atomically(file,
                              json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  return file;
}

}  // namespace deepaxe::arith
