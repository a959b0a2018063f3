import ConnectorCore
import ConnectorHost

await Host.main(adapters: .builtIn + [.acme])
