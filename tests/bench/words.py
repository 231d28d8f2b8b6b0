"""The words of a made-up register: sentences of the field in both languages, put together anew.

Every text is (English, Chinese). Nothing here was said or issued by anybody.
"""

Text = tuple[str, str]

VERBS: tuple[Text, ...] = (
    ("Strengthen", "加强"),
    ("Improve", "完善"),
    ("Speed up", "加快"),
    ("Extend", "扩大"),
    ("Unify", "统一"),
    ("Publish rules on", "制定"),
    ("Review", "评估"),
    ("Pilot", "试点"),
    ("Raise the quality of", "提升"),
    ("Open up", "开放"),
)
# One in twenty measures is about each; a search for one of them finds 5 % of the rows.
TOPICS: tuple[Text, ...] = (
    ("patent", "专利"),
    ("trademark", "商标"),
    ("copyright", "著作权"),
    ("trade secret", "商业秘密"),
    ("plant variety", "植物新品种"),
    ("geographical indication", "地理标志"),
    ("layout design", "集成电路布图设计"),
    ("utility model", "实用新型"),
    ("industrial design", "外观设计"),
    ("pharmaceutical", "药品"),
    ("software", "软件"),
    ("data", "数据"),
    ("traditional medicine", "中医药"),
    ("broadcasting", "广播电视"),
    ("customs", "海关"),
    ("standard-essential", "标准必要专利"),
    ("genetic resource", "遗传资源"),
    ("online platform", "网络平台"),
    ("licensing", "许可"),
    ("university", "高校"),
)
OBJECTS: tuple[Text, ...] = (
    ("examination", "审查"),
    ("damages", "赔偿制度"),
    ("evidence rules", "证据规则"),
    ("enforcement", "执法"),
    ("mediation", "调解机制"),
    ("registration", "登记"),
    ("information services", "信息服务"),
    ("training", "人才培养"),
    ("financing", "融资"),
    ("statistics", "统计制度"),
    ("agency supervision", "代理监管"),
    ("appeals", "上诉机制"),
    ("border protection", "边境保护"),
    ("bad-faith filings", "恶意申请治理"),
    ("public awareness", "宣传普及"),
    ("early warning", "预警机制"),
)
PLACES: tuple[Text, ...] = (
    ("nationwide", "全国"),
    ("in Beijing", "北京"),
    ("in Shanghai", "上海"),
    ("in Guangdong", "广东"),
    ("in Zhejiang", "浙江"),
    ("in Jiangsu", "江苏"),
    ("in Sichuan", "四川"),
    ("in Hubei", "湖北"),
    ("in Shaanxi", "陕西"),
    ("in Hainan", "海南"),
    ("in Liaoning", "辽宁"),
    ("in Fujian", "福建"),
    ("in Yunnan", "云南"),
    ("along the Yangtze", "长江经济带"),
    ("in pilot zones", "自贸试验区"),
)
# In one measure of the register alone: what a search for a rare word finds.
RARE: Text = ("pharmacopoeia", "药典")

THEMES: tuple[Text, ...] = (
    ("Planning and coordination", "规划与统筹"),
    ("Laws and rules", "法律与规则"),
    ("Courts", "司法保护"),
    ("Administrative enforcement", "行政执法"),
    ("Services to the public", "公共服务"),
    ("Reform of institutions", "体制改革"),
    ("Cooperation abroad", "国际合作"),
    ("National security", "国家安全"),
)
BODIES: tuple[Text, ...] = (
    ("Office of Patents", "专利局"),
    ("Office of Trademarks", "商标局"),
    ("Bureau of Copyright", "版权局"),
    ("Commission of Standards", "标准委员会"),
    ("Court of Intellectual Property", "知识产权法院"),
    ("Customs Bureau", "海关局"),
    ("Ministry of Trade", "贸易部"),
    ("Ministry of Science", "科学部"),
    ("Ministry of Education", "教育部"),
    ("Agency of Medicines", "药品监管局"),
    ("Bureau of Statistics", "统计局"),
    ("Forestry Office", "林业局"),
)
SOURCES: tuple[Text, ...] = (
    ("Address on protecting intellectual property", "关于保护知识产权的讲话"),
    ("Outline of work on innovation", "创新工作纲要"),
    ("Opinion on strict protection", "关于严格保护的意见"),
)
DOCUMENTS: dict[str, Text] = {
    "law": ("Law on", "法"),
    "regulation": ("Regulation on", "条例"),
    "judicial-interpretation": ("Interpretation on", "解释"),
    "departmental-rule": ("Measures on", "办法"),
    "plan": ("Plan for", "规划"),
    "statistics": ("Annual report on", "年度报告"),
    "campaign": ("Campaign on", "专项行动"),
    "case": ("Guiding case on", "指导案例"),
    "study": ("Study of", "研究报告"),
    "news": ("Briefing on", "发布会"),
}
REASONS: dict[str, tuple[Text, ...]] = {
    "implemented": (
        ("All parts of the criteria are in force, and figures show that they are applied.",
         "各项标准均已生效，数据表明已实际适用。"),
        ("The act covers every criterion; published cases apply it.",
         "该文件涵盖全部标准，公开案例已予适用。"),
    ),
    "sustained": (
        ("The yearly figures go on without a break, and nothing points the other way.",
         "年度数据持续不断，没有相反迹象。"),
        ("Activity was evidenced again within the review period.", "复核期内再次有活动证据。"),
    ),
    "substantial": (
        ("The main elements are in force; proof of regular application is still missing.",
         "主要内容已生效，尚缺经常适用的证明。"),
        ("Adopted and in effect but for the rules on procedure.", "除程序规定外均已通过并生效。"),
    ),
    "partial": (
        ("One element of the criteria is in force; two others are outstanding.",
         "标准中一项已生效，另两项尚待落实。"),
        ("The rules bind some of the bodies named, not all of them.",
         "规则约束部分所列机构，而非全部。"),
    ),
    "limited": (
        ("A draft was opened for comments; nothing binding is in force.",
         "草案已公开征求意见，尚无具约束力的内容生效。"),
        ("The work stands in a plan with a date, and a pilot has begun.",
         "该项工作已列入规划并定有期限，试点已开始。"),
    ),
    "reversed": (
        ("A later act repeals the provision on which the earlier finding rested.",
         "后来的文件废止了先前判定所依据的规定。"),
    ),
    "not-started": (
        ("The body itself states that work will begin next year.", "该机构表示工作将于次年开始。"),
    ),
    "no-evidence": (
        ("Nothing relevant was found in the places searched.", "在所检索的范围内未发现相关内容。"),
    ),
    "dropped": (
        ("The plan that replaced it no longer names the task.", "取代它的规划不再列出该任务。"),
    ),
    "not-assessable": (
        ("The wording names neither an act nor a result.", "措辞既未指明行为也未指明结果。"),
    ),
}  # fmt: skip
DETAILS: tuple[Text, ...] = (
    ("The text was read in full.", "已通读全文。"),
    ("Two sources agree on the date.", "两个来源的日期一致。"),
    ("Local rules differ in detail.", "各地规则细节不一。"),
    ("The statistics of the year were compared with those before.", "已将当年统计与往年比较。"),
    ("Comments by practitioners were taken into account.", "已参考从业者的意见。"),
    ("Transitional provisions end within a year.", "过渡规定将在一年内结束。"),
)
CONFIDENT: dict[str, Text] = {
    "high": ("The binding text itself was read.", "已阅读具约束力的文本本身。"),
    "moderate": ("One official source, without independent data.", "一个官方来源，无独立数据。"),
    "low": ("Only indirect sources were found.", "仅有间接来源。"),
}
WRONG: tuple[str, ...] = (
    "The day of issue had been taken for the day of entry into force.",
    "The document bears on another measure.",
    "A repeal in the same year had been overlooked.",
)
NOTES: tuple[Text, ...] = (
    ("States the rule and the day on which it takes effect.", "载明规则及其生效日期。"),
    ("Gives the number of cases closed in the year.", "载明当年结案数量。"),
    ("Names the body in charge and its powers.", "指明主管机构及其职权。"),
    ("Sets out the steps of the procedure.", "规定程序的各个步骤。"),
)
