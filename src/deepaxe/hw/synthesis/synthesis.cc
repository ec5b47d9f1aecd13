#include "deepaxe/hw/synthesis/synthesis.h"

#include <fmt/format.h>

#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/scratch_folder.h"
#include "deepaxe/base/sha256.h"
#include "deepaxe/base/tool.h"

namespace deepaxe::hw::synthesis {

std::string find_yosys() {
  const base::ChildResult result = base::run_program({"yosys", "-V"}, {.seconds = 20});
  if (result.exit_code != 0 || result.signal != 0 || result.timed_out) return "";
  const std::string text(reinterpret_cast<const char*>(result.output.data()), result.output.size());
  return text.substr(0, text.find('\n'));
}

std::string synthesis_script(const Unit& unit) {
  std::string sources;
  for (const auto& [name, content] : unit.files) {
    if (name.ends_with(".v")) sources += " " + name;
  }
  return fmt::format(
      "read_verilog -defer{}; synth_xilinx -family xc7 -nowidelut -noiopad{} -flatten -top {}; "
      "stat "
      "-tech xilinx",
      sources, unit.uses_dsps ? "" : " -nodsp", unit.top);
}

std::string content_key(const Unit& unit, const std::string& yosys_version) {
  base::Sha256 hash;
  hash.add(fmt::format("deepaxe synthesis 1\n{}\n{}\n", yosys_version, synthesis_script(unit)));
  for (const auto& [name, content] : unit.files) {
    hash.add(fmt::format("{} {}\n", name, content.size())).add(content);
  }
  return hash.hex();
}

CellCounts run_yosys(const Unit& unit, double seconds) {
  const base::ScratchFolder folder("deepaxe-yosys");
  for (const auto& [name, content] : unit.files) {
    base::write_file_atomically(folder.path() / name, content);
  }
  // Memories are read by the names of their files, so yosys works in the folder.
  const std::string text = base::run_tool(
      {"env", "-C", folder.path().string(), "yosys", "-Q", "-T", "-p", synthesis_script(unit)},
      seconds, "--tool-seconds of more, or a smaller layer",
      {.tool = "yosys", .place = unit.what, .expected = "a module that it can synthesize"});
  return parse_statistics(text, "yosys: " + unit.what);
}

}  // namespace deepaxe::hw::synthesis
