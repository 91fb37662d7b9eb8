-- text_fragment(address, words): the address with a text fragment behind it (#:~:text=), at which a browser goes to the
-- words and marks them; of long words the first five and the last five. NULL where it is no address of the web.
CREATE MACRO text_fragment(address, words) AS (
    CASE WHEN regexp_matches(address, '^https?://', 'i') THEN
        address || if(contains(address, '#'), ':~:text=', '#:~:text=')
        || CASE
            WHEN len(regexp_split_to_array(trim(words), '\s+')) <= 12 AND NOT contains(trim(words), chr(10))
                THEN replace(url_encode(trim(regexp_replace(words, '\s+', ' ', 'g'))), '-', '%2D')
            ELSE replace(
                    url_encode(array_to_string(regexp_split_to_array(trim(words), '\s+')[:5], ' ')), '-', '%2D'
                ) || ',' || replace(
                    url_encode(array_to_string(regexp_split_to_array(trim(words), '\s+')[-5:], ' ')), '-', '%2D'
                )
        END
    END
);
