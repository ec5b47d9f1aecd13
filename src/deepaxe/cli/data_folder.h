// The folder of files that come with the program: the demo's model.
#pragma once

#include <filesystem>

namespace deepaxe::cli {

/// $DEEPAXE_DATA, else the `data` folder the program was built with. Throws base::InputError,
/// naming it, if `file` is not in it.
std::filesystem::path shipped_file(const std::filesystem::path& file);

}  // namespace deepaxe::cli
