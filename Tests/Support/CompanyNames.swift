/// Names as people in twelve languages write them, each with the ASCII form that a user name is made of.
enum CompanyNames {
  struct Culture: Sendable {
    let language: String
    let given: [(String, String)]
    let family: [(String, String)]

    init(_ language: String, given: String, family: String) {
      self.language = language
      self.given = Self.pairs(given)
      self.family = Self.pairs(family)
    }

    /// `Zoë/zoe Anna` → [("Zoë", "zoe"), ("Anna", "anna")].
    private static func pairs(_ text: String) -> [(String, String)] {
      text.split(separator: " ").map { word in
        let parts = word.split(separator: "/").map(String.init)
        return (parts[0], parts.count > 1 ? parts[1] : parts[0].lowercased())
      }
    }
  }

  static let cultures = [
    Culture("en", given: "Alice George Margaret Oliver Ruth Walter", family: "Carter Hughes Lloyd Parker Shaw Wright"),
    Culture(
      "de", given: "Jörg/joerg Käthe/kaethe Lukas Sabine Uwe Änne/aenne",
      family: "Groß/gross Krüger/krueger Möller/moeller Schäfer/schaefer Vogel Weiß/weiss"),
    Culture(
      "fr", given: "Chloé/chloe François/francois Hélène/helene Luc Noémie/noemie Théo/theo",
      family: "Bérard/berard Dupont Garçon/garcon Lefèvre/lefevre Moreau Noël/noel"),
    Culture(
      "es", given: "Ángel/angel Begoña/begona Iñaki/inaki Lucía/lucia Pilar Raúl/raul",
      family: "Castaño/castano Díaz/diaz Ibáñez/ibanez Núñez/nunez Peña/pena Vega"),
    Culture(
      "pl", given: "Agnieszka Łukasz/lukasz Małgorzata/malgorzata Paweł/pawel Stanisław/stanislaw Żaneta/zaneta",
      family: "Dąbrowski/dabrowski Jabłoński/jablonski Kowalczyk Łęcki/lecki Wiśniewska/wisniewska Zając/zajac"),
    Culture(
      "tr", given: "Ayşe/ayse Çağla/cagla Gökhan/gokhan İbrahim/ibrahim Özgür/ozgur Şule/sule",
      family: "Çelik/celik Doğan/dogan Güneş/gunes Öztürk/ozturk Şahin/sahin Yılmaz/yilmaz"),
    Culture(
      "el", given: "Αλέξανδρος/alexandros Ελένη/eleni Κώστας/kostas Σοφία/sofia",
      family: "Γεωργίου/georgiou Νικολάου/nikolaou Παπαδόπουλος/papadopoulos"),
    Culture(
      "ru", given: "Алексей/alexey Дмитрий/dmitry Ольга/olga Татьяна/tatyana",
      family: "Васильев/vasilyev Кузнецов/kuznetsov Соколова/sokolova"),
    Culture(
      "ja", given: "健太/kenta 美咲/misaki 陽菜/hina 大輔/daisuke",
      family: "佐藤/sato 鈴木/suzuki 高橋/takahashi 渡辺/watanabe"),
    Culture("zh", given: "伟/wei 芳/fang 秀英/xiuying 强/qiang", family: "王/wang 李/li 张/zhang 欧阳/ouyang"),
    Culture(
      "ar", given: "أحمد/ahmad فاطمة/fatima يوسف/yusuf ليلى/layla", family: "حداد/haddad خوري/khoury منصور/mansour"),
    Culture("hi", given: "अनिल/anil प्रिया/priya राहुल/rahul सुनीता/sunita", family: "गुप्ता/gupta पटेल/patel शर्मा/sharma"),
  ]
}
