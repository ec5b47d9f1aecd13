// UsedModules: which Verilog files a design needs, a module a file.
#pragma once

#include <string>

#include "deepaxe/hw/design/output_folder.h"

namespace deepaxe::hw::verilog {

/// Removes each `NAME.v` whose module NAME is neither `top` nor instantiated below it: fixed
/// modules of layers that the network has not, and those of the other schedule. Reads instances as
/// our sources write them: `module #(` or `module name (` at the beginning of a line.
void drop_unused_modules(design::SourceFiles& files, const std::string& top);

}  // namespace deepaxe::hw::verilog
