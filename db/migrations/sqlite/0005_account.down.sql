DROP TABLE account_attempt;
DROP TABLE account_key;
DROP TABLE account_refresh;
DROP TABLE account_session;
DROP TABLE account;
