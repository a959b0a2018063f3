import AcmeAdapter
import ConnectorHost

await Host.main(adapters: .builtIn + [.acme])
