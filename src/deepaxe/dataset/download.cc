#include "deepaxe/dataset/download.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>
#include <utility>

#include "deepaxe/base/assertion.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/base/sha256.h"
#include "deepaxe/base/text.h"
#include "deepaxe/dataset/tar.h"

namespace deepaxe::dataset {
namespace {

namespace fs = std::filesystem;
using base::InputError;
using Bytes = std::vector<std::byte>;

constexpr std::size_t kMaxBytes = std::size_t{1} << 30;  // Six times the largest file here.

RemoteFile mnist_file(const std::string& name, const std::string& sha256) {
  return {.name = name,
          .urls = {"https://ossci-datasets.s3.amazonaws.com/mnist/" + name,
                   "https://storage.googleapis.com/cvdf-datasets/mnist/" + name},
          .sha256 = sha256};
}

// The hashes of the files as LeCun, Cortes and Burges published them.
RemoteDataset mnist() {
  return {.name = "mnist",
          .files = {mnist_file("t10k-images-idx3-ubyte.gz",
                               "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                    mnist_file("t10k-labels-idx1-ubyte.gz",
                               "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
                    mnist_file("train-images-idx3-ubyte.gz",
                               "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                    mnist_file("train-labels-idx1-ubyte.gz",
                               "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c")},
          .archive_members = {}};
}

RemoteDataset cifar10() {
  return {.name = "cifar10",
          .files = {{.name = "cifar-10-binary.tar.gz",
                     .urls = {"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"},
                     .sha256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"}},
          .archive_members = {"test_batch.bin", "data_batch_1.bin", "data_batch_2.bin",
                              "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"}};
}

std::size_t receive(char* data, std::size_t size, std::size_t count, void* target) {
  Bytes& bytes = *static_cast<Bytes*>(target);
  const auto arrived = std::as_bytes(std::span(data, size * count));
  if (arrived.size() > kMaxBytes - bytes.size()) return 0;  // Ends the transfer.
  bytes.insert(bytes.end(), arrived.begin(), arrived.end());
  return arrived.size();
}

int stop_if_interrupted(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return base::interrupt_requested() ? 1 : 0;
}

// What is at the address, or the reason why it could not be had.
std::pair<Bytes, std::string> download(const std::string& url) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  DEEPAXE_ASSERT(initialized == CURLE_OK);
  const std::unique_ptr<CURL, void (*)(CURL*)> handle(curl_easy_init(), curl_easy_cleanup);
  DEEPAXE_ASSERT(handle != nullptr);
  Bytes bytes;
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 30L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1000L);  // Bytes per second, ...
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);     // ... for a minute: given up.
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, stop_if_interrupted);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &bytes);
  const CURLcode code = curl_easy_perform(curl);
  base::check_interrupt();
  return {std::move(bytes), code == CURLE_OK ? "" : curl_easy_strerror(code)};
}

// The right bytes from the first mirror that has them.
Bytes fetch_file(const RemoteFile& file, const std::function<void(const std::string&)>& log) {
  std::vector<std::string> reasons;
  for (const std::string& url : file.urls) {
    log("fetching " + url);
    auto [bytes, reason] = download(url);
    if (reason.empty()) {
      const std::string sha256 = base::sha256_hex(bytes);
      if (sha256 == file.sha256) return std::move(bytes);
      reason = "SHA-256 " + sha256;
    }
    reasons.push_back(url + " (" + reason + ")");
  }
  throw InputError({file.name, "download", base::join(reasons, "; "), "SHA-256 " + file.sha256});
}

bool has_sha256(const fs::path& path, const std::string& sha256) {
  return fs::exists(path) && base::sha256_hex(base::read_file(path)) == sha256;
}

void unpack(const Bytes& archive, const std::string& name, const std::vector<std::string>& members,
            const fs::path& folder) {
  const auto content = read_tar(base::maybe_gunzip(archive, name), name);
  for (const std::string& member : members) {
    const auto found = content.find(member);
    if (found == content.end()) throw InputError({name, "", "no member " + member, ""});
    base::write_file_atomically(folder / member, found->second);
  }
}

}  // namespace

fs::path default_cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache != '\0') return fs::path(cache) / "deepaxe";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home != '\0') return fs::path(home) / ".cache" / "deepaxe";
  throw InputError(
      {"cache folder", "", "neither XDG_CACHE_HOME nor HOME", "one of them to be set"});
}

RemoteDataset remote_dataset(const std::string& name) {
  if (name == "mnist") return mnist();
  if (name == "cifar10") return cifar10();
  throw InputError({"data get", "", "'" + name + "'", "mnist or cifar10"});
}

fs::path fetch(const RemoteDataset& remote, const fs::path& cache,
               const std::function<void(const std::string&)>& log) {
  fs::path folder = cache / remote.name;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw InputError({folder.string(), "", error.message(), "a folder to write to"});
  const auto& members = remote.archive_members;
  const bool unpacked =
      !members.empty() && std::all_of(members.begin(), members.end(), [&](const std::string& m) {
        return fs::exists(folder / m);  // Whole and checked, as it was renamed into place.
      });
  for (const RemoteFile& file : remote.files) {
    const fs::path target = folder / file.name;
    if (unpacked || (members.empty() && has_sha256(target, file.sha256))) continue;
    const Bytes bytes = fetch_file(file, log);
    if (members.empty()) {
      base::write_file_atomically(target, bytes);
    } else {
      unpack(bytes, file.name, members, folder);
    }
  }
  return folder;
}

}  // namespace deepaxe::dataset
