// The user's library: multipliers imported from others' files, kept between runs.
//
// A multiplier N is two files: N.npy, int16 [256, 256] with the product of a and b at
// [a + 128][b + 128], and N.json, which names the SHA-256 of the products and holds what else is
// known. N.json is written last: without it there is no multiplier N, and a pair that does not
// match is refused.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/library.h"

namespace deepaxe::arith {

/// $DEEPAXE_HOME/multipliers, else $XDG_DATA_HOME/deepaxe/multipliers, else
/// ~/.local/share/deepaxe/multipliers. Throws InputError if none of the variables is set.
std::filesystem::path user_library_folder();

/// Sorted; none where there is no folder.
std::vector<std::string> user_library_names();

/// The .json of the import of exactly this name; nothing if there is none.
std::optional<std::filesystem::path> find_in_user_library(std::string_view name);

/// Throws InputError for damaged files or products that are not those of the .json.
NamedMultiplier load_imported(const std::filesystem::path& json_file);

/// Throws InputError for a name that is not 1 to 64 letters, digits, '_', '.', '-' with a letter or
/// digit first, that a built-in multiplier has, or, without `replace`, that an import has.
void check_new_name(const std::string& name, bool replace);

/// Names of the imports with these products, sorted; damaged ones are passed over.
std::vector<std::string> imports_of_identity(const std::string& identity);

/// Both files are written aside and renamed. check_new_name, then returns the .json.
std::filesystem::path save_imported(const NamedMultiplier& multiplier, bool replace);

}  // namespace deepaxe::arith
