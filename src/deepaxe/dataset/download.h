// Download: fetches a public data set into the user's cache folder and checks what arrived.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace deepaxe::dataset {

/// $XDG_CACHE_HOME/deepaxe, else ~/.cache/deepaxe. Throws InputError if neither variable is set.
std::filesystem::path default_cache_folder();

/// One file to fetch: mirrors are tried in order until one delivers the right bytes.
struct RemoteFile {
  std::string name;
  std::vector<std::string> urls;  ///< http, https or file.
  std::string sha256;
};

struct RemoteDataset {
  std::string name;
  std::vector<RemoteFile> files;
  /// Empty: the files are kept as they are. Else each is a tar archive, gzip or not, of which
  /// these members are kept.
  std::vector<std::string> archive_members;
};

/// "mnist" or "cifar10". Throws InputError, offering the names, otherwise.
RemoteDataset remote_dataset(const std::string& name);

/// Fetches what is not there yet into `cache`/name and returns that folder. Each file is checked
/// against its SHA-256, written aside and renamed. Throws InputError with the reason of every
/// mirror if none delivers, base::Interrupted on Ctrl-C. `log` gets one line for each step.
std::filesystem::path fetch(const RemoteDataset& remote, const std::filesystem::path& cache,
                            const std::function<void(const std::string&)>& log);

}  // namespace deepaxe::dataset
