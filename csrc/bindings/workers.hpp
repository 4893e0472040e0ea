// Native threads beside the one that has the GIL.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>

namespace pyverify::bindings {

// Runs a task beside its owner, and at the latest ends with it.
class Worker {
 public:
  template <typename Task>
  explicit Worker(const Task& task) {
    try {
      thread_ = std::thread(task);
    } catch (const std::system_error&) {
      // No thread to be had: the others do its share.
    }
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::thread thread_;
};

// Items dealt out to several threads, neighbours together.
class Slices {
 public:
  struct Slice {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  explicit Slices(std::size_t items) noexcept : items_(items) {}

  // The next slice; an empty one when all are taken. Any thread may ask.
  Slice take() noexcept {
    const std::size_t begin = std::min(next_.fetch_add(kItems), items_);
    return {begin, std::min(begin + kItems, items_)};
  }

  // As many threads as find work.
  std::size_t threads(std::size_t most) const noexcept {
    return std::min(most, items_ / kItems + 1);
  }

 private:
  static constexpr std::size_t kItems = 64;

  std::size_t items_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace pyverify::bindings
