//! Simplified and Traditional characters in one Chinese text, or the script that the tag does not name.

use super::{Sink, View, mark};
use crate::lexicon::{Lexicon, is_han};
use crate::model::{Lang, Script};
use std::sync::OnceLock;

/// Characters that are right in both scripts though a table of variants pairs them (后 queen, 里 mile, 著 to write).
const BOTH: &str = "后里干系于云台回向只志面松准制出卷占余郁谷曲朱札几丑了才斗姜沈涂冬丰采并布胡划咸著乾瞭於藉徵夥麽妳\
    着借征伙么你它牠祂裡裏群羣峰峯床牀秋鞦千韆仆僕升昇同仝岩巖巨鉅幸倖弦絃恒恆托託扎紮挂掛杆桿梁樑欲慾注註游遊灶竈\
    熏燻灾災痹痺疏疎症癥皂皁祇稟秘祕私笋筍粽糉綫线蔑蔘苏范葱蔥虱蝨蜡复吃喫呆獃唇脣唬嘆叹啓啟咽嚥周週堤隄夸誇奸姦\
    娘孃家傢尸屍岳嶽席蓆御禦愈癒戚慼折摺抵牴擡抬雇僱痴癡皋皐睬睾碱鹼種种筑篱粮糧累纍肴餚背揹致緻舍捨荐薦虫蟲蠟裏製\
    訊証證誌讎谘諮豆荳贊赞跡迹踪蹤迴逕酸醃采採銹鏽閑閒雕鵰靈鬱鬥鬨麵卜蔔仇伸体佣佈価侖修脩倏克剋党兇凶刮颳別别";

/// What a character belongs to: 1 Traditional only, 2 Simplified only, 0 both.
fn table() -> &'static [u8] {
    static TABLE: OnceLock<Vec<u8>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lexicon = Lexicon::built_in();
        let mut table = vec![0u8; 0xA000 - 0x4E00];
        for c in (0x4E00u32..0xA000).filter_map(char::from_u32) {
            let text = c.to_string();
            let Some(plain) = lexicon.fold(&text).chars().next().filter(|&p| p != c && is_han(p)) else {
                continue;
            };
            let mut set = |c: char, value: u8| {
                if !BOTH.contains(c)
                    && let Some(slot) = (c as usize).checked_sub(0x4E00).and_then(|i| table.get_mut(i))
                {
                    *slot = value;
                }
            };
            // A pair of which either is right in both scripts says nothing.
            if !BOTH.contains(c) && !BOTH.contains(plain) {
                set(c, 1);
                set(plain, 2);
            }
        }
        table
    })
}

pub(super) fn check(view: &View, sink: &mut Sink) {
    let k = view.index(Lang::Zh);
    let table = table();
    let places = |wanted: u8| {
        let of = |c: char| (c as usize).checked_sub(0x4E00).and_then(|i| table.get(i)).copied().unwrap_or(0);
        view.texts[k].char_indices().filter(move |&(_, c)| of(c) == wanted)
    };
    let (hant, hans) = (places(1).count(), places(2).count());
    if hant == 0 && hans == 0 {
        return;
    }
    let tagged = view.unit.variants.get(k).and_then(|v| v.lang.script());
    let marks = |wanted: u8| places(wanted).map(|(at, c)| mark(k, at..at + c.len_utf8())).collect::<Vec<_>>();
    let wrong = match tagged {
        Some(Script::Hans) => hant > 1 && hans == 0,
        Some(Script::Hant) => hans > 1 && hant == 0,
        None => false,
    };
    if wrong {
        let (name, wanted) = if hant > 0 { ("Traditional", 1) } else { ("Simplified", 2) };
        sink.add(view, "script", format!("{name} characters under another tag"), marks(wanted));
    } else if hant > 0 && hans > 0 {
        let (name, wanted) = if hant <= hans { ("Traditional", 1) } else { ("Simplified", 2) };
        sink.add(view, "script", format!("{name} characters in a text of the other script"), marks(wanted));
    }
}
