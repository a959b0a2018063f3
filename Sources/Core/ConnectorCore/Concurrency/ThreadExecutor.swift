import Glibc

/// Runs the jobs of one actor on one thread of its own, so that blocking calls never hold a thread of the pool.
///
/// The thread ends when the executor is released.
package final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
  private let queue: Queue

  /// Starts the thread.
  package init() {
    let queue = Queue()
    self.queue = queue
    queue.start()
  }

  deinit { queue.close() }

  package func enqueue(_ job: consuming ExecutorJob) {
    queue.push(UnownedJob(job), asUnownedSerialExecutor())
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }
}

/// The jobs that wait, guarded by a mutex; outlives the executor until its thread has ended.
private final class Queue: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t> = .allocate(capacity: 1)
  private let wakeUp: UnsafeMutablePointer<pthread_cond_t> = .allocate(capacity: 1)
  private var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
  private var isClosed = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wakeUp, nil)
  }

  deinit {
    pthread_cond_destroy(wakeUp)
    pthread_mutex_destroy(mutex)
    wakeUp.deallocate()
    mutex.deallocate()
  }

  func start() {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { @Sendable context in
      if let context { Unmanaged<Queue>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }
    pthread_create(&thread, nil, body, context)
    pthread_detach(thread)
  }

  func push(_ job: UnownedJob, _ executor: UnownedSerialExecutor) {
    pthread_mutex_lock(mutex)
    jobs.append((job, executor))
    pthread_cond_signal(wakeUp)
    pthread_mutex_unlock(mutex)
  }

  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_signal(wakeUp)
    pthread_mutex_unlock(mutex)
  }

  private func run() {
    while let (job, executor) = pop() { job.runSynchronously(on: executor) }
  }

  private func pop() -> (UnownedJob, UnownedSerialExecutor)? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while jobs.isEmpty && !isClosed { pthread_cond_wait(wakeUp, mutex) }
    return jobs.isEmpty ? nil : jobs.removeFirst()
  }
}
