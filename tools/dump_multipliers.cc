// Writes the 13 library circuits as Verilog, FOLDER/NAME.v; for tools/measure_multiplier_luts.py.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "deepaxe/arith/library.h"
#include "deepaxe/arith/netlist_verilog.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: dump_multipliers FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  for (const deepaxe::arith::LibraryEntry& entry : deepaxe::arith::library()) {
    const std::string name = "mul8s_" + std::string(entry.name);
    std::ofstream file(folder / (std::string(entry.name) + ".v"));
    file << deepaxe::arith::to_verilog(deepaxe::arith::make_netlist(entry.family), name);
    if (!file.flush()) {
      std::fprintf(stderr, "%s: cannot write\n", folder.c_str());
      return 1;
    }
  }
  return 0;
}
