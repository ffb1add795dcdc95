//! Which script a Chinese character belongs to, where it belongs to one only.

use super::Lexicon;
use crate::model::Script;
use std::sync::OnceLock;

/// Simplified characters that are no Traditional ones: the commonest of the 1986 table of simplified characters,
/// without those that merged with an older character (后, 里, 干, 台 …), which are right in both.
const SIMPLIFIED: &str = "国会们个这时说对发为经学产业务员长门问间关开实现应当动进过还边运远连选适认识论议记许设访证评词译试话该详语请诸读课调谈谢\
    变让从众优传伤伦伪价华单卖卢卫压厅历县参双叶号吗启员响团园围图圆圣场坏块坚坛垒执扩扫扬护报担拟拥择挂换据损摆摇撑\
    敌数断无旧显晓暂术机权条来杨极构枪标样树桥梦检楼欢欧残毁毕气汇汉沟没泪泽洁济浓涛润涨渐湾满滞灭灯灵炉点炼烂热爱\
    爷牵犹独狱猎献环玛画异疗盐监盘着矿码确礼离种积称稳穷窃竞笔简类粮红纤约级纪纯纲纳纵纷纸线练组细织终绍绎结绕绘给络\
    绝统继绩续维综绿编缓缔缘缩缴网罗罚聪职联肃肠肤脑脚脱脸艺节苏药获营蓝虑虽虾蚀补装见观规视览觉触订计讨训讯讲诉诊\
    诗诚询谅谋谓谊谨谱贝负贡财责贤败货质贩贪贫购贯贷贸费贺贵贼赁资赋赌赏赔赖赚赛赞赵趋跃车轨转轮软轻载较辅辆辈辉辑\
    输辩达迁迟迹逻遗邓邮邻郑酿释针钟钢钱铁铜银链销锁错键锦镇镜闪闭闲闹闻阅队阳阴阵阶际陆陈险随隐难雾静韩页顶项顺须\
    顾顿预领频题颜额风飞饭饮馆驱驶骑验骗鱼鲁鲜鸟鸡鸣鸿麦黄龙龟齐齿东丝两严丧丰临义乐乡书买乱争亏亚亲亿仅仓仪任会伟\
    侠债倾储儿兴养兽内冲决况冻净减凤击划刘则刚创别剧剑办劝劳势励劲勋医协卧厂厦厨叹听呜咏哑唤嘱垄垦处备复够头夺奋奖妇\
    妈娱婴孙宁宝宪宽宾对导将尔尘层届岁岂岗岛峡币师带帮庄庆库废弃张弹归录彻径忆忧怀态总恋恒恶恼悦惊惧惩惯愤愿戏战户\
    抚抛抢拦拨挡挤挥捞摄旷昼晋";
/// Of these, the ones that are Traditional characters too.
const BOTH: &str = "没着种丰别内任黄净冲届挂异恒复划启员丽历肤弃赞气当响郑";

/// By character from U+4E00: 1 Traditional only, 2 Simplified only, 0 both.
fn table() -> &'static [u8] {
    static TABLE: OnceLock<Vec<u8>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lexicon = Lexicon::built_in();
        let sure = |c: char| SIMPLIFIED.contains(c) && !BOTH.contains(c);
        let own = |c: char| {
            let plain = lexicon.fold(c.encode_utf8(&mut [0; 4])).chars().next();
            plain.is_some_and(|p| p != c && sure(p))
        };
        (0x4E00u32..0xA000)
            .filter_map(char::from_u32)
            .map(|c| {
                if sure(c) && !own(c) {
                    2
                } else {
                    u8::from(own(c) && !"乾瞭於藉徵夥麽妳著鉅曆".contains(c))
                }
            })
            .collect()
    })
}

/// The script that a character belongs to; `None` for one of both, and for what is no Chinese character.
///
/// `国` -> Simplified, `國` -> Traditional, `后` -> `None`.
pub fn script_of(c: char) -> Option<Script> {
    let at = (c as usize).checked_sub(0x4E00)?;
    match table().get(at)? {
        1 => Some(Script::Hant),
        2 => Some(Script::Hans),
        _ => None,
    }
}

/// How many characters of a text are Traditional only, and how many Simplified only.
pub fn scripts(text: &str) -> (usize, usize) {
    text.chars().filter_map(script_of).fold((0, 0), |(hant, hans), script| match script {
        Script::Hant => (hant + 1, hans),
        Script::Hans => (hant, hans + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_both_scripts_tell_nothing() {
        assert_eq!(scripts("国会通过了后来的决议"), (0, 6));
        assert_eq!(scripts("國會通過了後來的決議"), (6, 0));
        assert_eq!(scripts("安全，abc 后"), (0, 0));
    }
}
