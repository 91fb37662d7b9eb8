"""Dirt of our own making: what real pages carry beside their articles, all names invented.

It widens what the classifier has seen: comment spam, captions, biographies, self-praise, teasers.
"""

from __future__ import annotations

SPAM = (
    "I make more than $9,000 every month working online from my kitchen. Here is how it began.",
    "My neighbour's aunt gets paid 83 dollars an hour on the laptop, she was out of work for "
    "five months but last month her pay check was $12,640 just working a few hours a day.",
    "Start earning from home today! Easy work, no skills, paid weekly. I got $4,500 last week.",
    "Work at home and get $70 to $200 per hour. I joined two months ago and earned $17k so far.",
    "Now it is very simple to earn extra cash online, everybody can join this job right now.",
    "MORE DETAILS HERE>>>> www.easy-pay-now.example",
    "visit this site ........>> https://www.paydays.example",
    "Copy this link ====> http://Www.Cashflow.Example",
    "👍 AND GOOD LUCK!! :)",
    "Just open the link and begin . . . . . https://quickmoney.example",
    "2. I am making 150 US-dollars an hour doing this online job with three kids at home.",
    "Best crypto signals, contact Mr Daniel on WhatsApp +1 555 0100, he made me $30,000.",
)
COMMENTS = (
    "Leave a Reply",
    "LEAVE A COMMENT",
    "14 Comments",
    "Comments (3)",
    "Your email address will not be published. Required fields are marked *",
    "Save my name, email and website in this browser for the next time I comment.",
    "Please enter your comment!",
    "Please enter your name here",
    "You have entered an incorrect email address!",
    "harbourwatcher says:",
    "June 3, 2021 at 8:14 pm",
    "Reply",
    "Report abuse",
    "Log in to leave a comment",
    "Great article, thank you for writing it, I have shared it with my whole street.",
    "Total nonsense. Whoever wrote this has never set foot in a fish market, wake up people!!!",
    "lol ok sure",
    "@tomk you clearly did not read past the headline mate",
    "This is why I stopped voting years ago, they are all the same.",
    "Post Comment",
    "What do you think? Join the conversation",
)
CAPTIONS = (
    "The mayor, Lena Ortiz, looks on during a ceremony in the harbour on March 4, 2019. (Jonas "
    "Weil/AFP via Getty Images)",
    "Workers clear snow from the runway at Kessel airport on Tuesday. Photograph: Mia Brandt/EPA",
    "Fishing boats at anchor off the northern coast. (Photo: R. Adeyemi)",
    "A view of the dam after the flood. (Screenshot)",
    "Residents walk past a damaged school in the village of Orlo, west of the capital. (AP "
    "Photo/Piet Verhoeven)",
    "Finance minister Hugo Lind speaks to reporters outside the ministry. REUTERS/Ana Duarte",
    "Prime Minister Ada Renner and her deputy, left, at the summit in Tolm on Friday. - National "
    "television / AFP",
    "People waiting in line outside a bakery.",
    "An aerial photo shows the burnt forest near the lake.",
    "FILE PHOTO: The logo of Brightwell Bank is seen at its headquarters",
    "Image credit: Department of Fisheries",
    "Photo by Oluwaseun Hart on Unsplash",
    "Marta Kovic | Bloomberg | Getty Images",
    "This photograph taken on May 2, 2020, shows a collapsed bridge over the Anser river. (Photo "
    "by Ilya SOROKIN / AFP)",
    "Courtesy of the Nilsen family",
    "Illustration by Wren Okafor",
    "Supporters of the opposition wave flags at a rally in the old town, 11 June. (Tamar Beridze/Pool)",
    "Picture: Alamy",
)
BIOS = (
    "Selma Aydin is a senior reporter at the Harbour Gazette, where she covers ports and trade.",
    "Follow him on Twitter @pietwrites.",
    "Jonah Wells is a writer based in Kessel. He has written for several magazines.",
    "You can email Ruth Amadi at ruth.amadi@gazette.example.",
    "Dr Ilse Maas is professor of history at the University of Tolm.",
    "About the author",
    "Paolo Renzi covers the courts. Send tips to renzi@daily.example.",
)
ABOUT = (
    "The Harbour Gazette is an independent news organization dedicated to fearless reporting. "
    "Founded in 1902, it is the most trusted source of news on the coast.",
    "Northern Press is a division of Brightwell Media, a leading provider of business news that "
    "reaches millions of readers every day.",
    "The leading platform for shipping professionals, with data and insights for the industry.",
    "Build better reports with unrivalled content, expert analysis and customised workflow.",
    "The comprehensive solution for all your tax, trade and compliance needs.",
    "Our journalism is free for everyone, but it is not free to make. Support us from $1.",
    "Stay informed with our award-winning coverage, delivered to your inbox every morning.",
    "We are a nonprofit newsroom. Our mission is to hold power to account. Donate today.",
    "All quotes delayed a minimum of 15 minutes. See here for a complete list of exchanges.",
    "We use cookies to improve your experience. By clicking Accept you agree to our cookie policy.",
    "This website uses cookies to personalise content and to analyse our traffic.",
    "Copyright © 2022 Harbour Gazette Ltd. All rights reserved.",
    "This material may not be published, broadcast, rewritten or redistributed without permission.",
    "Thank you for registering. Please refresh the page to be logged in automatically.",
    "Get unlimited access to every article for less than the price of a coffee a week.",
    "You have reached your limit of free articles this month.",
    "Sign up for our morning newsletter and never miss a story.",
    "Dear reader, we need your help. If you value what we do, please consider a donation.",
)
RELATED = (
    "You May Also Like",
    "Related Articles",
    "READ MORE: Ferry strike enters its third week",
    "Also read: Why the fish market moved",
    "Storm Warning Lifted For The Northern Islands",
    "Minister’s Plan For A New Port Draws Protests From Villages",
    "Council Votes ‘Yes’ To Night Buses After Long Debate",
    "Five Things To Know About The New Water Law",
    "Harbour Fire Puts Spotlight On Ageing Warehouses",
    "OPPOSITION LEADER CALLS FOR INQUIRY INTO BRIDGE COLLAPSE",
    "Most Read",
    "Trending Now",
    "Recommended for you",
    "More from Politics",
    "Don't Miss",
    "Watch: Seals return to the river mouth",
    "Next article",
    "Previous articleSchools to close early on Friday",
    "Latest News",
    "Home Coast Ferry Strike Enters Third Week As Talks Fail",
    "Home » News » Politics » Council votes for night buses",
    "Home > World > Asia",
)
COUNTERS = (
    "Views: 12",
    "Post Views: 1,204",
    "Shares: 33",
    "45 SHARES",
    "3 min read",
    "Reading time: 4 minutes",
    "Share on Facebook",
    "Tweet",
    "Web Hosting",
    "Advertisement",
    "ADVERTISEMENT - CONTINUE READING BELOW",
    "Sponsored",
    "Posted on April 9, 2018",
    "Last updated: 12 May 2023, 14:05 GMT",
    "By Harbour Gazette staff",
    "By Selma Aydin and Piet Verhoeven",
    "Source: Northern Press",
    "Tags: ferry, harbour, strike",
    "Print",
    "Click here to read more",
)
INSIDE = (*CAPTIONS, *RELATED, "Advertisement", "Story continues below", *COUNTERS[4:12])
BEFORE = (*COUNTERS, *RELATED[-3:], *ABOUT[9:11], *ABOUT[13:17])
AFTER = (*COMMENTS, *SPAM, *BIOS, *ABOUT, *RELATED, *COUNTERS)
