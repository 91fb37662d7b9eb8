-- is_function_word(word): whether an English word, as the full-text index spells it, only holds a sentence together and
-- tells of no subject: articles, pronouns, prepositions, auxiliaries, conjunctions, and what is left of contractions.
CREATE MACRO is_function_word(word) AS
list_contains(
    [
        'a', 'about', 'above', 'after', 'again', 'against', 'ain', 'all', 'also', 'am', 'among', 'an', 'and', 'any', 'are',
        'aren', 'as', 'at', 'be', 'because', 'been', 'before', 'being', 'below', 'between', 'both', 'but', 'by', 'can',
        'cannot', 'could', 'couldn', 'd', 'did', 'didn', 'do', 'does', 'doesn', 'doing', 'done', 'during', 'each',
        'either', 'else', 'ever', 'every', 'few', 'for', 'from', 'further', 'had', 'hadn', 'has', 'hasn', 'have', 'haven',
        'having', 'he', 'her', 'here', 'hers', 'herself', 'him', 'himself', 'his', 'how', 'however', 'i', 'if', 'in',
        'into', 'is', 'isn', 'it', 'its', 'itself', 'just', 'll', 'm', 'may', 'me', 'might', 'mightn', 'mine', 'more',
        'most', 'must', 'mustn', 'my', 'myself', 'neither', 'no', 'nor', 'not', 'of', 'off', 'on', 'once', 'only', 'onto',
        'or', 'other', 'ought', 'our', 'ours', 'ourselves', 'out', 'over', 'own', 're', 's', 'same', 'shall', 'she',
        'should', 'shouldn', 'since', 'so', 'some', 'such', 't', 'than', 'that', 'the', 'their', 'theirs', 'them',
        'themselves', 'then', 'there', 'these', 'they', 'this', 'those', 'though', 'through', 'to', 'too', 'under',
        'unless', 'until', 'up', 'upon', 'us', 've', 'very', 'was', 'wasn', 'we', 'were', 'weren', 'what', 'when', 'where',
        'whether', 'which', 'while', 'who', 'whom', 'whose', 'why', 'will', 'with', 'within', 'without', 'would',
        'wouldn', 'yet', 'you', 'your', 'yours', 'yourself', 'yourselves'
    ],
    word
);
